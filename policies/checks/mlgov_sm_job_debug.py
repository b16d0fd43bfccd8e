"""Nobody opens a shell in a training job of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import never
from policies.pipeline import jobs


class SmJobDebug(StackCheck):
    """Remote debugging is not on; left out, AWS keeps it off."""

    policy = "CKV_MLGOV_128"
    title = "SageMaker pipeline has no remote debugging"
    control = "SM-28"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_pipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = [
            job.says(never(job.request, "RemoteDebugConfig.EnableRemoteDebug", True))
            for job in jobs(subject, "Training")
        ]
        return holds(*problems) if problems else NOT_APPLICABLE


check = SmJobDebug()
