"""The definition of a pipeline is read as jobs; what cannot be read is no job that passes."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from policies.document import Conf, Unprovable
from policies.pipeline import jobs


def pipeline(*steps: Mapping[str, object]) -> Conf:
    """A pipeline of these steps."""
    return Conf({"pipeline_definition": json.dumps({"Steps": steps})})


def step(kind: str, **arguments: object) -> dict[str, object]:
    """A step of this type, named after it."""
    return {"Name": kind.lower(), "Type": kind, "Arguments": arguments}


def test_every_step_that_runs_a_job_is_one() -> None:
    """Checks are processing jobs, conditions hold steps, a tuning step has a job for each definition."""
    found = jobs(
        pipeline(
            step("Processing"),
            step("ClarifyCheck"),
            step("Tuning", TrainingJobDefinitions=[{"a": 1}, {"b": 1}]),
            step("Condition", IfSteps=[step("Transform")], ElseSteps=[step("Condition", IfSteps=[step("Training")])]),
            step("Lambda"),
            {"Name": "fail", "Type": "Fail"},
        )
    )
    assert [(job.step, job.kind) for job in found] == [
        ("processing", "Processing"),
        ("clarifycheck", "Processing"),
        ("tuning", "Tuning"),
        ("tuning", "Tuning"),
        ("transform", "Transform"),
        ("training", "Training"),
    ]
    assert jobs(pipeline(step("Training"), step("Transform")), "Transform")[0].kind == "Transform"


@pytest.mark.parametrize(
    ("kind", "arguments", "compute", "output", "protection"),
    [
        ("Training", {}, "ResourceConfig", "OutputDataConfig", "X"),
        ("Processing", {}, "ProcessingResources.ClusterConfig", "ProcessingOutputConfig", "NetworkConfig.X"),
        ("Transform", {}, "TransformResources", "TransformOutput", "X"),
        (
            "AutoML",
            {},
            "AutoMLJobConfig.SecurityConfig",
            "OutputDataConfig",
            "AutoMLJobConfig.SecurityConfig.X",
        ),
        (
            "AutoML",
            {"SecurityConfig": {"VolumeKmsKeyId": "k"}},
            "SecurityConfig",
            "OutputDataConfig",
            "SecurityConfig.X",
        ),
    ],
)
def test_each_kind_of_job_says_it_in_its_place(
    kind: str, arguments: Mapping[str, object], compute: str, output: str, protection: str
) -> None:
    """Paths are those of the request that makes the job, in both versions of AutoML."""
    (job,) = jobs(pipeline(step(kind, **arguments)))
    assert (job.compute, job.output, job.secured("X")) == (compute, output, protection)


def test_the_instances_of_a_tuning_job_may_stand_apart() -> None:
    """What a tuning job runs on may be several types, in a configuration of its own."""
    configs = [{"InstanceType": "ml.m5.large"}, {"InstanceType": "ml.g5.xlarge"}]
    definition = {"HyperParameterTuningResourceConfig": {"InstanceConfigs": configs}}
    (job,) = jobs(pipeline(step("Tuning", TrainingJobDefinition=definition)))
    assert job.compute == "HyperParameterTuningResourceConfig"
    assert job.instance_types == ["ml.m5.large", "ml.g5.xlarge"]


@pytest.mark.parametrize(
    "pipeline_body",
    [
        {},
        {"pipeline_definition_s3_location": [{"bucket": "b", "object_key": "k"}]},
        {"pipeline_definition": "${file(x)}"},
        {"pipeline_definition": "[]"},
        {"pipeline_definition": '{"Steps": ["x"]}'},
        {"pipeline_definition": '{"Steps": [{"Type": "Training", "Arguments": "x"}]}'},
        {"pipeline_definition": '{"Steps": [{"Type": "Unheard", "Name": "x"}]}'},
        {"pipeline_definition": '{"Steps": [{"Name": "typeless"}]}'},
    ],
)
def test_what_cannot_be_read_is_not_provable(pipeline_body: Mapping[str, object]) -> None:
    """A definition in S3, an expression, no definition, and a step that nobody knows all raise."""
    with pytest.raises(Unprovable, match="not provable at synthesis"):
        jobs(Conf(pipeline_body))
