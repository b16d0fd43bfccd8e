"""Topics, queues and buses talk within the organisation."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.iam import statements
from policies.perimeter import deputy, outsider, own_accounts


class PlatMessagePolicy(StackCheck):
    """Nobody outside the organisation sends or receives, and a service does for the source that is named only."""

    policy = "CKV_MLGOV_404"
    title = "Policy of a topic, queue or event bus admits the organisation and named sources only"
    control = "PLAT-06"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_cloudwatch_event_bus_policy", "aws_sns_topic_policy", "aws_sqs_queue_policy")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if not subject.given("policy"):
            return failed("policy is not set")
        own = own_accounts(stack)
        found = list(statements(subject, "policy"))
        return holds(*(outsider(statement, own) for statement in found), *(deputy(statement) for statement in found))


check = PlatMessagePolicy()
