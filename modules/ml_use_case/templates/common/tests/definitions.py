"""Reading a definition in tests: its steps, and its requests as the service would send them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import boto3
from sagemaker.core.workflow.pipeline_context import PipelineSession

from ml_pipeline import problem, settings
from ml_pipeline.code import code
from ml_pipeline.definition import Definition
from ml_pipeline.template import KINDS, images

COMMIT = "0123456789abcdef0123456789abcdef01234567"
JOBS = ("Processing", "Training")
# A published table with features, for the tests of both templates.
ATHENA = {
    **{"kind": "athena", "catalog": "AwsDataCatalog", "workgroup": "acme-dev-fraud-queries"},
    **{"domain": "payments", "product": "cards", "database": "payments_cards", "table": "card_payment"},
    **{"columns": ["amount"], "query": 'SELECT d."amount" FROM "payments_cards"."card_payment" d'},
    "features": [{"group": "card-velocity", "database": "features", "table": "card_velocity", "columns": ["amount"]}],
}


def text_for(document: dict[str, Any]) -> str:
    """The definition for the settings. The session has no credentials, and no test reaches a network."""
    project = settings.load(json.dumps(document))
    kind = problem.kind(project, KINDS)
    session = PipelineSession(boto3.Session(region_name=project.region))
    return Definition(project, code(project, kind), images(project), kind, COMMIT, session).text


def changed(document: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The settings with other values."""
    return copy.deepcopy(document) | values


def walk(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All steps, those behind conditions too."""
    for step in steps:
        yield step
        if step["Type"] == "Condition":
            yield from walk(step["Arguments"]["IfSteps"] + step["Arguments"]["ElseSteps"])


def resolved(value: Any, parameters: dict[str, Any]) -> Any:
    """The value as it would be when the pipeline runs: parameters by their defaults, the rest by a text."""
    if isinstance(value, list):
        return [resolved(each, parameters) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Get"}:
        kind, _, name = value["Get"].partition(".")
        return parameters[name] if kind == "Parameters" else f"s3://resolved/{value['Get']}"
    if set(value) == {"Std:Join"}:
        return value["Std:Join"]["On"].join(resolved(each, parameters) for each in value["Std:Join"]["Values"])
    if set(value) == {"Std:JsonGet"}:
        return "measured"
    return {key: resolved(each, parameters) for key, each in value.items()}


def references(value: Any) -> Iterator[str]:
    """The steps of which the value speaks."""
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict):
        if set(value) == {"Get"} and value["Get"].startswith("Steps."):
            yield value["Get"].split(".")[1]
        else:
            for each in value.values():
                yield from references(each)


def passes(definition: str, evaluation: dict[str, Any]) -> bool:
    """Whether the gate of the definition lets a model with this evaluation be registered."""
    [gate] = [step for step in json.loads(definition)["Steps"] if step["Name"] == "Gate"]
    [condition] = gate["Arguments"]["Conditions"]
    measured: Any = evaluation
    for key in condition["LeftValue"]["Std:JsonGet"]["Path"].split("."):
        measured = measured[key]
    if condition["Type"] == "GreaterThanOrEqualTo":
        return bool(measured >= condition["RightValue"])
    return bool(measured <= condition["RightValue"])
