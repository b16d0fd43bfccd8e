"""Jobs of a pipeline end."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import within
from policies.limits import limits
from policies.pipeline import jobs


class SmJobTime(StackCheck):
    """Each job has a bound on its time, no longer than that of the limits; left out, AWS's is its own to change."""

    policy = "CKV_MLGOV_127"
    title = "SageMaker pipeline bounds the time of jobs"
    control = "SM-27"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_pipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = [
            job.says(within(job.request, "StoppingCondition.MaxRuntimeInSeconds", 1, limits().job_seconds))
            for job in jobs(subject, "Training", "Tuning", "Processing")
        ]
        return holds(*problems) if problems else NOT_APPLICABLE


check = SmJobTime()
