"""Jobs of a pipeline run images that nobody can exchange."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem
from policies.image import pinned
from policies.pipeline import Job, jobs


class SmJobImage(StackCheck):
    """Each image is in a private registry and pinned by digest; an algorithm by name hides which image it runs."""

    policy = "CKV_MLGOV_168"
    title = "SageMaker pipeline runs pinned images of private registries"
    control = "SM-33"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_pipeline")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = [job.says(_problem(job)) for job in jobs(subject, "Training", "Tuning", "Processing")]
        return holds(*problems) if problems else NOT_APPLICABLE


def _problem(job: Job) -> Problem:
    outer, name = ("AppSpecification", "ImageUri")
    if job.kind != "Processing":
        outer, name = ("AlgorithmSpecification", "TrainingImage")
    image = next((block.value(name) for block in job.request.at(outer)), None)
    return pinned(f"{outer}.{name}", image)


check = SmJobImage()
