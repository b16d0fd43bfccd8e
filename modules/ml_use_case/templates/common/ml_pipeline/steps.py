"""Steps of the pipeline made of requests to SageMaker's API, for the SDK to arrange.

The SDK's own trainers and processors name and upload files by the clock. Requests of our own make the same definition
of the same source, and stand in one place (jobs.py), where their protections are seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagemaker.core.workflow.properties import Properties, PropertyFile
from sagemaker.mlops.workflow.retry import (
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.mlops.workflow.steps import CacheConfig, ConfigurableRetryStep, Step, StepTypeEnum

from ml_pipeline.jobs import Request

# The same request within a day is answered by what it made before.
CACHE = CacheConfig(enable_caching=True, expire_after="PT24H")
_DESCRIBED_BY = {
    StepTypeEnum.PROCESSING: "DescribeProcessingJobResponse",
    StepTypeEnum.TRAINING: "DescribeTrainingJobResponse",
    StepTypeEnum.REGISTER_MODEL: "DescribeModelPackageOutput",
}


class RequestStep(ConfigurableRetryStep):
    """A step whose arguments are a request. Its properties are those of the answer that describes the job."""

    def __init__(
        self,
        name: str,
        step_type: StepTypeEnum,
        request: Request,
        description: str,
        *,
        depends_on: Sequence[Step] = (),
        property_files: Sequence[PropertyFile] = (),
    ) -> None:
        is_job = step_type is not StepTypeEnum.REGISTER_MODEL
        super().__init__(
            name,
            step_type,
            description=description,
            depends_on=list(depends_on) or None,
            retry_policies=_patience() if is_job else None,
        )
        self.property_files = list(property_files)
        self._cache = CACHE if is_job else None
        self._request = request
        self._properties = Properties(step_name=name, step=self, shape_name=_DESCRIBED_BY[step_type])

    @property
    def arguments(self) -> Request:
        """The request."""
        return self._request

    @property
    def properties(self) -> Any:
        """What the job's description says once it has run."""
        return self._properties

    def to_request(self) -> Request:
        """The step as the definition holds it."""
        request: Request = super().to_request()
        if self._cache:
            request |= self._cache.config
        if self.property_files:
            request["PropertyFiles"] = [each.expr for each in self.property_files]
        return request


def _patience() -> list[Any]:
    """Faults of the service pass in minutes; capacity and limits of the account in hours."""
    faults = [StepExceptionTypeEnum.SERVICE_FAULT, StepExceptionTypeEnum.THROTTLING]
    scarce = [SageMakerJobExceptionTypeEnum.CAPACITY_ERROR, SageMakerJobExceptionTypeEnum.RESOURCE_LIMIT]
    return [
        StepRetryPolicy(exception_types=faults, interval_seconds=10, max_attempts=4),
        SageMakerJobStepRetryPolicy(failure_reason_types=scarce, interval_seconds=120, expire_after_mins=180),
        SageMakerJobStepRetryPolicy(
            failure_reason_types=[SageMakerJobExceptionTypeEnum.INTERNAL_ERROR], interval_seconds=60, max_attempts=2
        ),
    ]
