"""Instances of one job talk to each other in secret."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal
from policies.pipeline import jobs

ENCRYPTED = "EnableInterContainerTrafficEncryption"


class SmJobTraffic(StackCheck):
    """Each job encrypts the traffic between its containers; left out, AWS does not."""

    policy = "CKV_MLGOV_124"
    title = "SageMaker pipeline encrypts traffic between containers of a job"
    control = "SM-24"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_pipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = [
            job.says(equal(job.request, job.secured(ENCRYPTED), True, absent="false"))
            for job in jobs(subject, "Training", "Tuning", "Processing", "AutoML")
        ]
        return holds(*problems) if problems else NOT_APPLICABLE


check = SmJobTraffic()
