"""The jobs of a SageMaker pipeline, read from its definition: each step holds the request that makes its job.

Policies name attributes of a request by their path in it, as SageMaker's API has them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from policies.document import Conf, Unprovable
from policies.expectation import Problem

Kind = Literal["Training", "Tuning", "Processing", "Transform", "AutoML"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Checks of data and models are processing jobs.
_ALIASES: Mapping[str, Kind] = {"ClarifyCheck": "Processing", "QualityCheck": "Processing"}
# Steps that run no job of SageMaker.
_OTHERS = ("Callback", "Condition", "EMR", "EMRServerless", "Fail", "Lambda", "Model", "RegisterModel")


@dataclass(frozen=True, slots=True)
class Job:
    """A job that a step starts. `request` is what makes it; for tuning, the definition of its training jobs."""

    step: str
    kind: Kind
    request: Conf

    @property
    def compute(self) -> str:
        """The path of what says which instances run it."""
        if self.kind == "Tuning" and self.request.given("HyperParameterTuningResourceConfig"):
            return "HyperParameterTuningResourceConfig"
        if self.kind == "AutoML":
            return self.security
        paths = {"Processing": "ProcessingResources.ClusterConfig", "Transform": "TransformResources"}
        return paths.get(self.kind, "ResourceConfig")

    @property
    def security(self) -> str:
        """The path of what says how its network is protected; empty where that stands in the request itself."""
        if self.kind == "AutoML":
            return "SecurityConfig" if self.request.given("SecurityConfig") else "AutoMLJobConfig.SecurityConfig"
        return "NetworkConfig" if self.kind == "Processing" else ""

    @property
    def output(self) -> str:
        """The path of what says where its results go."""
        paths = {"Processing": "ProcessingOutputConfig", "Transform": "TransformOutput"}
        return paths.get(self.kind, "OutputDataConfig")

    @property
    def instance_types(self) -> list[Any]:
        """The types of its instances, as written."""
        blocks = self.request.at(self.compute)
        for several in ("InstanceGroups", "InstanceConfigs"):
            blocks = [*blocks, *self.request.at(f"{self.compute}.{several}")]
        return [block.value("InstanceType") for block in blocks if block.given("InstanceType")]

    def secured(self, name: str) -> str:
        """The path of an attribute of its network's protection."""
        return f"{self.security}.{name}" if self.security else name

    def says(self, problem: Problem) -> Problem:
        """The problem with the step that has it."""
        return f"step {self.step}: {problem}" if problem else None


def jobs(pipeline: Conf, *kinds: Kind) -> tuple[Job, ...]:
    """The jobs of these kinds (of all, where none is named) that an `aws_sagemaker_pipeline` starts, conditional too.

    Raises Unprovable when the definition lies in S3, is an expression or no definition, or has a step of a type that
    is not known here: what it starts cannot be told.
    """
    text = pipeline.value("pipeline_definition")
    if text is None:
        raise Unprovable("pipeline_definition", pipeline.value("pipeline_definition_s3_location"))
    try:
        definition = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        raise Unprovable("pipeline_definition", text) from None
    found = _steps(definition, "Steps") if isinstance(definition, Mapping) else None
    if found is None:
        raise Unprovable("pipeline_definition", text)
    return tuple(job for step in found for job in _jobs(step) if job.kind in (kinds or KINDS))


def _steps(holder: Mapping[str, Any], *names: str) -> list[Mapping[str, Any]]:
    found = [step for name in names for step in holder.get(name) or []]
    for step in found:
        if not isinstance(step, Mapping) or not isinstance(step.get("Arguments", {}), Mapping):
            raise Unprovable("pipeline_definition.Steps", step)
    return found


def _jobs(step: Mapping[str, Any]) -> Iterator[Job]:
    type_, name, arguments = step.get("Type"), str(step.get("Name")), step.get("Arguments", {})
    kind = _ALIASES.get(str(type_), type_)
    if kind == "Condition":
        for inner in _steps(arguments, "IfSteps", "ElseSteps"):
            yield from _jobs(inner)
    elif kind == "Tuning":
        request = Conf(arguments)
        for definition in (*request.blocks("TrainingJobDefinition"), *request.blocks("TrainingJobDefinitions")):
            yield Job(name, "Tuning", definition)
    elif kind in KINDS:
        yield Job(name, kind, Conf(arguments))
    elif kind not in _OTHERS:
        raise Unprovable(f"step {name}", f"of type {type_}")
