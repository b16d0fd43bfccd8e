"""CodePipeline: moto's pipelines, shown with dates as the protocol has them. Nothing runs: moto calls each run done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.codepipeline.models import codepipeline_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service

SERVICE = Service("codepipeline")


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


@SERVICE.operation("GetPipeline")
def get(call: Call) -> Answer:
    name = call.params["name"]
    found: Any = codepipeline_backends[call.account][call.region].pipelines.get(name)
    if found is None:
        raise AwsError("PipelineNotFoundException", f"{call.account} has no pipeline {name}")
    dates = {key: datetime.fromisoformat(found.metadata[key]) for key in ("created", "updated")}
    return {"pipeline": found.pipeline, "metadata": {"pipelineArn": found.metadata["pipelineArn"], **dates}}
