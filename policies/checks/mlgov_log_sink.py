"""Telemetry is gathered within the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.iam import Statement, statements
from policies.perimeter import MEMBERS

ACCOUNTS = (*MEMBERS, "aws:principalaccount")


class LogSink(PlatformCheck):
    """Only accounts of the organisation may link themselves to the sink."""

    policy = "CKV_MLGOV_362"
    title = "Observability sink admits accounts of the organisation only"
    control = "LOG-05"
    resources = ("aws_oam_sink_policy",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(_problem(statement) for statement in statements(conf, "policy")))


def _problem(statement: Statement) -> str | None:
    if statement.allows and "*" in statement.principals("AWS") and not statement.narrowed_by(*ACCOUNTS):
        return f"statement {statement.sid} admits every account, without a condition on the organisation"
    return None


check = LogSink()
