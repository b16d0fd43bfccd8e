"""Training and processing of a pipeline reach no network."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal
from policies.pipeline import jobs


class SmJobIsolation(StackCheck):
    """Each job isolates its containers; left out, they reach whatever the subnet reaches."""

    policy = "CKV_MLGOV_125"
    title = "SageMaker pipeline isolates training and processing from the network"
    control = "SM-25"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_pipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = [
            job.says(equal(job.request, job.secured("EnableNetworkIsolation"), True, absent="false"))
            for job in jobs(subject, "Training", "Tuning", "Processing")
        ]
        return holds(*problems) if problems else NOT_APPLICABLE


check = SmJobIsolation()
