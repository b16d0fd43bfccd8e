"""CodePipeline: moto's pipelines, and executions that wait for people. No action does anything: each is called done.

An execution goes on at once until a manual approval, and from there when it is approved.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from moto.codepipeline.models import codepipeline_backends
from moto.events.models import events_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.store import Record

SERVICE = Service("codepipeline")
_RUNNING, _STATES = "InProgress", {"InProgress": "STARTED", "Succeeded": "SUCCEEDED", "Failed": "FAILED"}


@SERVICE.operation("CreatePipeline", "UpdatePipeline")
def check(call: Call) -> Answer:
    """What moto lets pass: each stage is given artefacts that a stage before it made, and V1 knows nothing of V2."""
    pipeline = call.params["pipeline"]
    if pipeline.get("pipelineType", "V1") == "V1" and (pipeline.get("triggers") or pipeline.get("variables")):
        raise AwsError("InvalidStructureException", "a pipeline of the type V1 has neither triggers nor variables")
    made: set[str] = set()
    for stage in pipeline["stages"]:
        actions = stage["actions"]
        wanted = {each["name"] for action in actions for each in action.get("inputArtifacts", [])}
        if unknown := sorted(wanted - made):
            raise AwsError("InvalidStructureException", f"{stage['name']} is given {unknown}, which nothing made")
        made |= {each["name"] for action in actions for each in action.get("outputArtifacts", [])}
    raise PassToMoto


def _found(call: Call, name: str) -> Any:
    found: Any = codepipeline_backends[call.account][call.region].pipelines.get(name)
    if found is None:
        raise AwsError("PipelineNotFoundException", f"{call.account} has no pipeline {name}")
    return found


@SERVICE.operation("GetPipeline")
def get(call: Call) -> Answer:
    found = _found(call, call.params["name"])
    dates = {key: datetime.fromisoformat(found.metadata[key]) for key in ("created", "updated")}
    return {"pipeline": found.pipeline, "metadata": {"pipelineArn": found.metadata["pipelineArn"], **dates}}


@SERVICE.operation("StartPipelineExecution")
def start(call: Call) -> Answer:
    """The same token is the same execution. Variables are declared by the pipeline; one without a default is given."""
    name, token = call.params["name"], call.params.get("clientRequestToken", str(uuid.uuid4()))
    pipeline, tokens = _found(call, name).pipeline, call.table("token")
    if token in tokens:
        return {"pipelineExecutionId": tokens[token]["id"]}
    declared = {each["name"]: each.get("defaultValue") for each in pipeline.get("variables", [])}
    given = {each["name"]: each["value"] for each in call.params.get("variables", [])}
    if unknown := sorted(set(given) - set(declared)):
        raise AwsError("ValidationException", f"{name} declares no variable {', '.join(unknown)}")
    values = {key: given.get(key, default) for key, default in declared.items()}
    if missing := sorted(key for key, value in values.items() if value is None):
        raise AwsError("ValidationException", f"{name} is started without {', '.join(missing)}")
    now, execution = datetime.now(UTC), str(uuid.uuid4())
    call.table("execution")[execution] = {
        "pipelineName": name,
        "pipelineVersion": pipeline["version"],
        "pipelineExecutionId": execution,
        "status": _RUNNING,
        "variables": [{"name": key, "resolvedValue": value} for key, value in values.items()],
        "trigger": {"triggerType": "StartPipelineExecution", "triggerDetail": call.caller[1]},
        "executionMode": pipeline.get("executionMode", "SUPERSEDED"),
        "executionType": "STANDARD",
        "startTime": now,
        "lastUpdateTime": now,
        "approved": [],
    }
    tokens[token] = {"id": execution}
    _tell(call, call.table("execution")[execution])
    _go_on(call, call.table("execution")[execution])
    return {"pipelineExecutionId": execution}


def _approvals(call: Call, execution: Record) -> Iterator[tuple[str, str]]:
    """The stage and action of each manual approval that the execution has not met yet."""
    for stage in _found(call, execution["pipelineName"]).pipeline["stages"]:
        for action in stage["actions"]:
            place = (stage["name"], action["name"])
            if action["actionTypeId"]["category"] == "Approval" and place not in execution["approved"]:
                yield place


def _go_on(call: Call, execution: Record) -> None:
    """An execution waits for an approval, or is done."""
    execution["waits"] = next(_approvals(call, execution), None)
    if execution["waits"] is None:
        _end(call, execution, "Succeeded")
    else:
        execution["token"] = str(uuid.uuid4())


def _end(call: Call, execution: Record, status: str) -> None:
    execution.update(status=status, waits=None, lastUpdateTime=datetime.now(UTC))
    _tell(call, execution)


@SERVICE.operation("GetPipelineExecution")
def get_execution(call: Call) -> Answer:
    found = call.table("execution").get(call.params["pipelineExecutionId"])
    if found is None or found["pipelineName"] != call.params["pipelineName"]:
        raise AwsError("PipelineExecutionNotFoundException", f"there is no {call.params['pipelineExecutionId']}")
    shown = ("pipelineName", "pipelineVersion", "pipelineExecutionId", "status", "variables", "trigger")
    return {"pipelineExecution": {name: found[name] for name in (*shown, "executionMode", "executionType")}}


@SERVICE.operation("ListPipelineExecutions")
def list_executions(call: Call) -> Answer:
    """The newest first."""
    name = _found(call, call.params["pipelineName"]).pipeline["name"]
    shown = ("pipelineExecutionId", "status", "startTime", "lastUpdateTime", "trigger", "executionMode")
    found = [each for each in reversed(call.table("execution").values()) if each["pipelineName"] == name]
    return {"pipelineExecutionSummaries": [{key: each[key] for key in shown} for each in found]}


@SERVICE.operation("GetPipelineState")
def get_state(call: Call) -> Answer:
    """What a person sees who is to approve: the token of the approval, if an execution waits there."""
    found = _found(call, call.params["name"])
    waiting = {each["waits"]: each for each in call.table("execution").values() if _waits(each, call.params["name"])}
    stages: list[Record] = []
    for stage in found.pipeline["stages"]:
        states: list[Record] = []
        for action in stage["actions"]:
            execution = waiting.get((stage["name"], action["name"]))
            latest = {"latestExecution": {"status": _RUNNING, "token": execution["token"]}} if execution else {}
            states.append({"actionName": action["name"], **latest})
        stages.append({"stageName": stage["name"], "actionStates": states})
    return {"pipelineName": call.params["name"], "pipelineVersion": found.pipeline["version"], "stageStates": stages}


def _waits(execution: Record, pipeline: str) -> bool:
    return execution["pipelineName"] == pipeline and execution["waits"] is not None


@SERVICE.operation("PutApprovalResult")
def approve(call: Call) -> Answer:
    given = call.params
    place = (given["stageName"], given["actionName"])
    every = [each for each in call.table("execution").values() if _waits(each, given["pipelineName"])]
    waiting = {each["token"]: each for each in every if each["waits"] == place}
    if not waiting:
        raise AwsError("ApprovalAlreadyCompletedException", f"nothing waits at {place[0]}.{place[1]}")
    if given["token"] not in waiting:
        raise AwsError("InvalidApprovalTokenException", f"{given['token']} is of another execution")
    execution = waiting[given["token"]]
    execution["approved"].append(place)
    if given["result"]["status"] == "Approved":
        _go_on(call, execution)
    else:
        _end(call, execution, "Failed")
    return {"approvedAt": datetime.now(UTC)}


def _tell(call: Call, execution: Record) -> None:
    """The event on the default bus of the pipeline's account."""
    detail = {
        "pipeline": execution["pipelineName"],
        "execution-id": execution["pipelineExecutionId"],
        "state": _STATES[execution["status"]],
        "version": execution["pipelineVersion"],
    }
    event = {
        "Source": "aws.codepipeline",
        "DetailType": "CodePipeline Pipeline Execution State Change",
        "Resources": [_found(call, execution["pipelineName"]).metadata["pipelineArn"]],
        "Detail": json.dumps(detail),
    }
    events_backends[call.account][call.region].put_events([event])
