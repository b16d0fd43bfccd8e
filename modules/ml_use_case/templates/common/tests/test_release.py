"""From a definition to a registered model, against botocore's own stub: what is asked of AWS, and what ends a stage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

import definitions
from ml_pipeline import problem, settings
from ml_pipeline.code import code
from ml_pipeline.release import ReleaseError, start, upload, upsert, verify, wait
from ml_pipeline.settings import Settings
from ml_pipeline.template import KINDS

EXECUTION = "arn:aws:sagemaker:eu-west-1:222222222222:pipeline/demo/execution/abcdefghijkl"
VERSION = "arn:aws:sagemaker:eu-west-1:222222222222:model-package/demo/1"


@pytest.fixture(name="project")
def _project(document: dict[str, Any]) -> Settings:
    return settings.load(json.dumps(document))


@pytest.fixture(name="aws")
def _aws() -> Iterator[Stubber]:
    session = boto3.Session("id", "secret", region_name="eu-west-1")
    with Stubber(session.client("sagemaker")) as stubber:
        yield stubber


def test_code_is_uploaded_under_the_projects_key_to_the_projects_account(project: Settings) -> None:
    """Every file, below runs/code/, encrypted by the key, and into no bucket of somebody else."""
    files = code(project, problem.kind(project, KINDS))
    client = boto3.Session("id", "secret", region_name="eu-west-1").client("s3")
    with Stubber(client) as stubber:
        for path in sorted(files.files):
            expected = {
                "Bucket": project.bucket,
                "Key": f"runs/code/{files.digest[:32]}/{path}",
                "Body": ANY,
                "ServerSideEncryption": "aws:kms",
                "SSEKMSKeyId": project.output_key,
                "ExpectedBucketOwner": project.account_id,
            }
            stubber.add_response("put_object", {}, expected)
        upload(client, project, files)
        stubber.assert_no_pending_responses()


def test_a_new_pipeline_is_created_with_its_tags(aws: Stubber, project: Settings) -> None:
    """The tag of the team decides who may see and start it."""
    aws.add_client_error("describe_pipeline", "ResourceNotFound")
    expected = {
        **{
            "PipelineName": project.pipeline_name,
            "PipelineDefinition": "{}",
            "PipelineDescription": project.description,
        },
        **{"RoleArn": project.role_arn, "ParallelismConfiguration": ANY, "ClientRequestToken": ANY, "Tags": ANY},
    }
    aws.add_response("create_pipeline", {"PipelineArn": "arn:aws:sagemaker:eu-west-1:1:pipeline/p"}, expected)
    upsert(aws.client, project, "{}")
    aws.assert_no_pending_responses()


def test_a_pipeline_that_is_there_is_updated(aws: Stubber, project: Settings) -> None:
    """Definition and tags."""
    arn = "arn:aws:sagemaker:eu-west-1:222222222222:pipeline/p"
    aws.add_response("describe_pipeline", {"PipelineArn": arn})
    aws.add_response("update_pipeline", {"PipelineArn": arn})
    aws.add_response("add_tags", {}, {"ResourceArn": arn, "Tags": ANY})
    upsert(aws.client, project, "{}")
    aws.assert_no_pending_responses()


def test_a_stage_that_is_tried_again_starts_no_second_run(aws: Stubber, project: Settings) -> None:
    """The same run has the same token, and SageMaker answers with the execution that it began."""
    seen = []
    aws.client.meta.events.register(
        "provide-client-params.sagemaker.StartPipelineExecution", lambda params, **_: seen.append(params)
    )
    for run in ("run-1", "run-1", "run-2"):
        aws.add_response("start_pipeline_execution", {"PipelineExecutionArn": EXECUTION})
        start(aws.client, project, run)
    assert seen[0]["ClientRequestToken"] == seen[1]["ClientRequestToken"] != seen[2]["ClientRequestToken"]
    assert seen[0]["PipelineParameters"] == [{"Name": "Run", "Value": "run-1"}]


def test_waiting_ends_with_success(aws: Stubber) -> None:
    """And not before."""
    pauses: list[float] = []
    for status in ("Executing", "Executing", "Succeeded"):
        aws.add_response("describe_pipeline_execution", {"PipelineExecutionStatus": status})
    wait(aws.client, EXECUTION, pauses.append, seconds=7)
    assert pauses == [7, 7]


def test_a_failed_execution_fails_the_stage_with_its_reason(aws: Stubber) -> None:
    """The gate's sentence is what the log ends with."""
    aws.add_response("describe_pipeline_execution", {"PipelineExecutionStatus": "Failed"})
    step = {"StepName": "BelowGate", "StepStatus": "Failed", "FailureReason": "The model is not registered"}
    aws.add_response("list_pipeline_execution_steps", {"PipelineExecutionSteps": [step]})
    with pytest.raises(ReleaseError, match=r"Failed\. BelowGate: The model is not registered"):
        wait(aws.client, EXECUTION)


def registered(aws: Stubber, project: Settings, **wrong: Any) -> None:
    """Let the stub answer that the execution registered a version."""
    step = {"StepName": "Register", "StepStatus": "Succeeded", "Metadata": {"RegisterModel": {"Arn": VERSION}}}
    aws.add_response("list_pipeline_execution_steps", {"PipelineExecutionSteps": [step]})
    version = {
        "ModelPackageName": "demo",
        "ModelPackageArn": VERSION,
        "CreationTime": 0,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "ModelPackageGroupName": project.model_package_group,
        "ModelApprovalStatus": "PendingManualApproval",
        "CustomerMetadataProperties": {"commit": definitions.COMMIT},
        **wrong,
    }
    aws.add_response("describe_model_package", version, {"ModelPackageName": VERSION})


def test_the_version_of_this_execution_is_found(aws: Stubber, project: Settings) -> None:
    """In the project's group, of this commit, waiting for approval."""
    registered(aws, project)
    assert verify(aws.client, project, EXECUTION, definitions.COMMIT) == VERSION


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ModelApprovalStatus": "Approved"}, "approval is Approved, expected PendingManualApproval"),
        ({"ModelPackageGroupName": "another"}, "group is another"),
        ({"CustomerMetadataProperties": {"commit": "older"}}, "commit is older"),
    ],
)
def test_another_version_fails_the_stage(aws: Stubber, project: Settings, wrong: Any, message: str) -> None:
    """One that approved itself, one elsewhere, and one of other source."""
    registered(aws, project, **wrong)
    with pytest.raises(ReleaseError, match=message):
        verify(aws.client, project, EXECUTION, definitions.COMMIT)


def test_an_execution_that_registered_nothing_fails_the_stage(aws: Stubber, project: Settings) -> None:
    """Success without a version is none."""
    aws.add_response("list_pipeline_execution_steps", {"PipelineExecutionSteps": []})
    with pytest.raises(ReleaseError, match="registered 0 models"):
        verify(aws.client, project, EXECUTION, definitions.COMMIT)
