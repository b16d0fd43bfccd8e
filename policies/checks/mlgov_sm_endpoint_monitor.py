"""Every endpoint of production is watched for drift."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.sagemaker import in_production, named

JOB = "aws_sagemaker_data_quality_job_definition"


class SmEndpointMonitor(StackCheck):
    """A data-quality job of the stack reads the endpoint, and a schedule of the stack runs it; AWS watches nothing."""

    policy = "CKV_MLGOV_148"
    title = "SageMaker endpoint of production has a monitoring schedule"
    control = "SM-48"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_endpoint")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if not in_production(stack):
            return NOT_APPLICABLE
        reading = [job for job in stack.resources(JOB) if _reads(job, subject)]
        if not reading:
            return failed(f"no {JOB} of this stack reads the endpoint")
        schedules = [*stack.resources("aws_sagemaker_monitoring_schedule")]
        watched = any(_runs(schedule, job) for schedule in schedules for job in reading)
        return holds(
            None if watched else f"no aws_sagemaker_monitoring_schedule of this stack runs {reading[0].address}"
        )


def _reads(job: Conf, endpoint: Conf) -> bool:
    inputs = job.at("data_quality_job_input.endpoint_input")
    return any(named(block.value("endpoint_name"), endpoint) for block in inputs)


def _runs(schedule: Conf, job: Conf) -> bool:
    configs = schedule.blocks("monitoring_schedule_config")
    return any(named(block.value("monitoring_job_definition_name"), job) for block in configs)


check = SmEndpointMonitor()
