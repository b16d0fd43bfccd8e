"""Log groups arrive from within the organisation."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.iam import statements
from policies.perimeter import outsider, own_accounts


class LogDestination(StackCheck):
    """Only accounts of the organisation may send log groups to a destination: else anybody fills the archive."""

    policy = "CKV_MLGOV_460"
    title = "Destination of log groups admits accounts of the organisation only"
    control = "LOG-05"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_cloudwatch_log_destination_policy")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        own = own_accounts(stack)
        return holds(*(outsider(statement, own) for statement in statements(subject, "access_policy")))


check = LogDestination()
