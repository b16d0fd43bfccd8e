"""Results of the jobs of a pipeline are under a key of the organisation."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem
from policies.key import customer_key
from policies.pipeline import Job, jobs


class SmJobOutputKey(StackCheck):
    """Each job that writes results names a key for them; left out, AWS takes its own."""

    policy = "CKV_MLGOV_123"
    title = "SageMaker pipeline encrypts outputs of jobs under a customer-managed key"
    control = "SM-23"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_pipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = [job.says(_problem(job)) for job in jobs(subject)]
        return holds(*problems) if problems else NOT_APPLICABLE


def _problem(job: Job) -> Problem:
    if job.kind == "Processing" and not job.request.given(job.output):
        return None
    return customer_key(job.request, f"{job.output}.KmsKeyId")


check = SmJobOutputKey()
