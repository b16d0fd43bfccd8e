"""Telemetry is gathered within the organisation."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.iam import statements
from policies.perimeter import outsider, own_accounts


class LogSink(StackCheck):
    """Only accounts of the organisation may link themselves to the sink: the stack's own, or those of a condition."""

    policy = "CKV_MLGOV_362"
    title = "Observability sink admits accounts of the organisation only"
    control = "LOG-05"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_oam_sink_policy")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        own = own_accounts(stack)
        return holds(*(outsider(statement, own) for statement in statements(subject, "policy")))


check = LogSink()
