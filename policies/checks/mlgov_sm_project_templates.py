"""Projects are made from products of the platform."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import PASSED, Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.expectation import among


class SmProjectTemplates(StackCheck):
    """AWS's own project templates belong to nobody: what they make is judged by no gate of ours.

    SageMaker makes projects at all only with the portfolio of AWS's templates accepted. It is launched from by those
    to whom somebody opens it, which no stack with the switch may do, nor, by PLAT-05, anybody else in the account.
    """

    policy = "CKV_MLGOV_155"
    title = "SageMaker's own project templates belong to nobody"
    control = "SM-55"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_servicecatalog_portfolio_status")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        known = holds(among(subject, "status", ("Disabled", "Enabled")))
        if known != PASSED or subject.value("status") == "Disabled":
            return known
        people = [each.address for each in stack.resources("aws_servicecatalog_principal_portfolio_association")]
        if people:
            return failed(f"the portfolio of AWS's templates is on, and {', '.join(people)} opens a portfolio here")
        return PASSED


check = SmProjectTemplates()
