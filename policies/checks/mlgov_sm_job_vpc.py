"""Jobs of a pipeline run in subnets and security groups of ours."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import given
from policies.pipeline import jobs


class SmJobVpc(StackCheck):
    """Each job names both; left out, SageMaker runs it in a network of AWS. A transform job is where its model is."""

    policy = "CKV_MLGOV_126"
    title = "SageMaker pipeline runs jobs in the VPC"
    control = "SM-26"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_pipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = [
            job.says(given(job.request, job.secured(f"VpcConfig.{name}")))
            for job in jobs(subject, "Training", "Tuning", "Processing", "AutoML")
            for name in ("Subnets", "SecurityGroupIds")
        ]
        return holds(*problems) if problems else NOT_APPLICABLE


check = SmJobVpc()
