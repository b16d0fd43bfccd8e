"""Executions of pipelines: started once for a token, with their variables, and waiting for people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import Client

pytestmark = pytest.mark.e2e

ACCOUNT = "474747474747"
NAME = {"pipelineName": "release"}


@pytest.fixture(scope="module", name="pipelines")
def _pipelines(client: Client) -> Any:
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    trust["Statement"][0]["Principal"] = {"Service": "codepipeline.amazonaws.com"}  # type: ignore[index]
    role = client("iam", ACCOUNT).create_role(RoleName="release", AssumeRolePolicyDocument=json.dumps(trust))
    pipelines = client("codepipeline", ACCOUNT)

    def action(name: str, category: str, provider: str) -> dict[str, Any]:
        kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
        return {"name": name, "actionTypeId": kind}

    source = {**action("Scripts", "Source", "S3"), "outputArtifacts": [{"name": "scripts"}]}
    deploy = {**action("Deploy", "Build", "CodeBuild"), "inputArtifacts": [{"name": "scripts"}]}
    pipelines.create_pipeline(
        pipeline={
            "name": "release",
            "roleArn": role["Role"]["Arn"],
            "pipelineType": "V2",
            "executionMode": "QUEUED",
            "variables": [{"name": "VERSION"}],
            "artifactStore": {"type": "S3", "location": "artifacts"},
            "stages": [
                {"name": "Source", "actions": [source]},
                {"name": "Approve", "actions": [action("Approve", "Approval", "Manual")]},
                {"name": "Deploy", "actions": [deploy]},
            ],
            "version": 1,
        }
    )
    return pipelines


def _start(pipelines: Any, version: str, token: str) -> str:
    variables = [{"name": "VERSION", "value": version}]
    started = pipelines.start_pipeline_execution(name="release", variables=variables, clientRequestToken=token)
    return str(started["pipelineExecutionId"])


def _status(pipelines: Any, execution: str) -> str:
    found = pipelines.get_pipeline_execution(**NAME, pipelineExecutionId=execution)["pipelineExecution"]
    return str(found["status"])


def test_a_token_starts_one_execution(pipelines: Any) -> None:
    """It keeps the value of its variable; what the pipeline does not declare, or lacks, starts nothing."""
    first = _start(pipelines, "7", "a")
    assert _start(pipelines, "7", "a") == first
    found = pipelines.get_pipeline_execution(**NAME, pipelineExecutionId=first)["pipelineExecution"]
    assert found["variables"] == [{"name": "VERSION", "resolvedValue": "7"}]
    with pytest.raises(ClientError, match="started without VERSION"):
        pipelines.start_pipeline_execution(name="release")
    with pytest.raises(ClientError, match="declares no variable OTHER"):
        pipelines.start_pipeline_execution(name="release", variables=[{"name": "OTHER", "value": "1"}])
    listed = pipelines.list_pipeline_executions(**NAME)["pipelineExecutionSummaries"]
    assert [each["pipelineExecutionId"] for each in listed] == [first]
    _approve(pipelines, "Rejected")
    assert _status(pipelines, first) == "Failed"


def _approve(pipelines: Any, status: str) -> None:
    (_, stage, _) = pipelines.get_pipeline_state(name="release")["stageStates"]
    (action,) = stage["actionStates"]
    pipelines.put_approval_result(
        **NAME,
        stageName="Approve",
        actionName="Approve",
        result={"status": status, "summary": "looked at"},
        token=action["latestExecution"]["token"],
    )


def test_an_execution_waits_until_it_is_approved(pipelines: Any) -> None:
    """Then it is done, and nothing waits there any more; a token of another execution approves nothing."""
    execution = _start(pipelines, "8", "b")
    assert _status(pipelines, execution) == "InProgress"
    result = {"status": "Approved", "summary": "-"}
    wrong = "12345678-1234-1234-1234-123456789012"
    with pytest.raises(ClientError, match="InvalidApprovalToken"):
        pipelines.put_approval_result(**NAME, stageName="Approve", actionName="Approve", result=result, token=wrong)
    _approve(pipelines, "Approved")
    assert _status(pipelines, execution) == "Succeeded"
    with pytest.raises(ClientError, match="ApprovalAlreadyCompleted"):
        pipelines.put_approval_result(**NAME, stageName="Approve", actionName="Approve", result=result, token=wrong)
