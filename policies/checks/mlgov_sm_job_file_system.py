"""Training reads its data and changes none of it."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal
from policies.pipeline import jobs

MOUNT = "InputDataConfig.DataSource.FileSystemDataSource"


class SmJobFileSystem(StackCheck):
    """File systems are mounted read-only; a pipeline that mounts none is not judged."""

    policy = "CKV_MLGOV_129"
    title = "SageMaker pipeline mounts file systems read-only"
    control = "SM-29"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_pipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        mounted = [job for job in jobs(subject, "Training", "Tuning") if job.request.at(MOUNT)]
        problems = [job.says(equal(job.request, f"{MOUNT}.FileSystemAccessMode", "ro")) for job in mounted]
        return holds(*problems) if problems else NOT_APPLICABLE


check = SmJobFileSystem()
