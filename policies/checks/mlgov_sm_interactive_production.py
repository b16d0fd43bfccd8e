"""Nobody works by hand in production."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.sagemaker import STUDIO, in_production


class SmInteractiveProduction(StackCheck):
    """A stack of production makes no notebook instance and nothing of Studio; one of no known environment neither."""

    policy = "CKV_MLGOV_121"
    title = "SageMaker notebooks and Studio stand outside production"
    control = "SM-21"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_notebook_instance", *STUDIO)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        what = subject.address.partition(".")[0]
        return failed(f"{what} in production: work in the development account") if in_production(stack) else PASSED


check = SmInteractiveProduction()
