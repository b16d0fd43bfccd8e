"""Topics, queues and buses talk within the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf
from policies.iam import Statement, statements
from policies.perimeter import CALLERS, MEMBERS, SENDERS

INSIDE = (*MEMBERS, *CALLERS, *SENDERS)


class PlatMessagePolicy(PlatformCheck):
    """Nobody outside sends or receives: everyone is narrowed to the organisation, a service to the source it acts for.

    A service principal without its source acts for every customer of AWS: the confused deputy.
    """

    policy = "CKV_MLGOV_404"
    title = "Policy of a topic, queue or event bus admits the organisation and named sources only"
    control = "PLAT-06"
    resources = ("aws_cloudwatch_event_bus_policy", "aws_sns_topic_policy", "aws_sqs_queue_policy")

    def judge(self, conf: Conf) -> Judgement:
        if not conf.given("policy"):
            return failed("policy is not set")
        return holds(*(_problem(statement) for statement in statements(conf, "policy") if statement.allows))


def _problem(statement: Statement) -> str | None:
    if "*" in statement.principals("AWS") and not statement.narrowed_by(*INSIDE):
        return f"statement {statement.sid} admits everyone, without a condition on organisation or source"
    if statement.principals("Service") and not statement.narrowed_by(*INSIDE):
        return f"statement {statement.sid} admits a service for whomever it acts, without a condition on its source"
    return None


check = PlatMessagePolicy()
