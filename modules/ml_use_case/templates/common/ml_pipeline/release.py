"""From a definition to a registered model: upload, create or update, start, wait, verify."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from ml_pipeline.code import Code
from ml_pipeline.jobs import tags
from ml_pipeline.settings import Settings

PARALLEL = 8  # steps at a time
_RUNNING = ("Executing", "Stopping")


class ReleaseError(Exception):
    """The pipeline did not end in a registered model: says why."""


def upload(s3: Any, settings: Settings, code: Code) -> None:
    """Put the code where its content says, under the project's key, into the project's own account."""
    prefix = code.uri.removeprefix(f"s3://{settings.bucket}/")
    for path, content in sorted(code.files.items()):
        s3.put_object(
            Bucket=settings.bucket,
            Key=f"{prefix}/{path}",
            Body=content,
            ServerSideEncryption="aws:kms",
            SSEKMSKeyId=settings.output_key,
            ExpectedBucketOwner=settings.account_id,
        )


def upsert(sagemaker: Any, settings: Settings, definition: str) -> None:
    """Create the pipeline, or update the one of this name."""
    what = {
        "PipelineName": settings.pipeline_name,
        "PipelineDefinition": definition,
        "PipelineDescription": settings.description,
        "RoleArn": settings.role_arn,
        "ParallelismConfiguration": {"MaxParallelExecutionSteps": PARALLEL},
    }
    try:
        current = sagemaker.describe_pipeline(PipelineName=settings.pipeline_name)
    except sagemaker.exceptions.ResourceNotFound:
        token = hashlib.sha256(definition.encode()).hexdigest()
        sagemaker.create_pipeline(**what, ClientRequestToken=token, Tags=tags(settings))
        return
    sagemaker.update_pipeline(**what)
    sagemaker.add_tags(ResourceArn=current["PipelineArn"], Tags=tags(settings))


def start(sagemaker: Any, settings: Settings, run: str) -> str:
    """Start the run, once: the ARN of its execution. A run that is started again is the same execution."""
    answer = sagemaker.start_pipeline_execution(
        PipelineName=settings.pipeline_name,
        PipelineExecutionDisplayName=f"run-{run}"[:82],
        PipelineParameters=[{"Name": "Run", "Value": run}],
        ClientRequestToken=hashlib.sha256(f"{settings.pipeline_name} {run}".encode()).hexdigest(),
    )
    return str(answer["PipelineExecutionArn"])


def wait(sagemaker: Any, execution: str, pause: Callable[[float], None] = time.sleep, seconds: float = 30) -> None:
    """Return when the execution has succeeded. CodeBuild's own time limit ends a wait that is too long.

    Raises ReleaseError, with the reasons of the steps that failed, when it ended otherwise.
    """
    while True:
        answer = sagemaker.describe_pipeline_execution(PipelineExecutionArn=execution)
        status = answer["PipelineExecutionStatus"]
        if status == "Succeeded":
            return
        if status not in _RUNNING:
            reasons = [
                f"{step['StepName']}: {step.get('FailureReason', 'no reason given')}"
                for step in _steps(sagemaker, execution)
                if step["StepStatus"] == "Failed"
            ]
            raise ReleaseError(f"{execution} {status}. {'; '.join(reasons) or answer.get('FailureReason', '')}")
        pause(seconds)


def verify(sagemaker: Any, settings: Settings, execution: str, commit: str) -> str:
    """The ARN of the version that the execution registered.

    Raises ReleaseError when there is none, and when it is in another group, of another commit, or not pending.
    """
    registered = [
        step["Metadata"]["RegisterModel"]["Arn"]
        for step in _steps(sagemaker, execution)
        if step["StepStatus"] == "Succeeded" and "RegisterModel" in step.get("Metadata", {})
    ]
    if len(registered) != 1:
        raise ReleaseError(f"{execution} registered {len(registered)} models, expected 1")
    version = sagemaker.describe_model_package(ModelPackageName=registered[0])
    expected = {
        "group": (version.get("ModelPackageGroupName"), settings.model_package_group),
        "approval": (version.get("ModelApprovalStatus"), "PendingManualApproval"),
        "commit": (version.get("CustomerMetadataProperties", {}).get("commit"), commit),
    }
    wrong = [f"{what} is {found}, expected {wanted}" for what, (found, wanted) in expected.items() if found != wanted]
    if wrong:
        raise ReleaseError(f"{registered[0]}: {'; '.join(wrong)}")
    return str(registered[0])


def _steps(sagemaker: Any, execution: str) -> list[dict[str, Any]]:
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(PipelineExecutionArn=execution)
    return [step for page in pages for step in page["PipelineExecutionSteps"]]
