"""What the platform tells a project: the environment variable PROJECT_SETTINGS, JSON after settings.schema.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

VARIABLE = "PROJECT_SETTINGS"
SCHEMA = Path(__file__).with_name("settings.schema.json")


class SettingsError(Exception):
    """The settings do not describe a pipeline: says which, and what to do."""


@dataclass(frozen=True)
class Instances:
    """What a kind of job runs on, and its longest time in seconds."""

    type: str
    count: int
    volume_gb: int
    max_runtime_seconds: int


@dataclass(frozen=True)
class Gate:
    """What a model must reach to be registered: a metric of the evaluation, and one bound."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None

    def __str__(self) -> str:
        bound = f"at least {self.at_least}" if self.at_least is not None else f"at most {self.at_most}"
        return f"{self.metric} {bound}"


@dataclass(frozen=True)
class Settings:
    """The project's settings, checked."""

    project: str
    team: str
    environment: str
    region: str
    account_id: str
    template: str
    description: str
    pipeline_name: str
    role_arn: str
    bucket: str
    output_key: str
    volume_key: str
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    model_package_group: str
    gate: Gate
    target: str
    favourable: tuple[str | int, ...]
    not_inputs: tuple[str, ...]
    facets: Mapping[str, tuple[str | int, ...]]
    data: Mapping[str, Any]
    processing: Instances
    training: Instances
    images: Mapping[str, str]
    tags: Mapping[str, str]
    text: str | None = None
    base_model_uri: str | None = None

    @property
    def runs(self) -> str:
        """Below it, the pipeline may write; the rest of the bucket is the team's."""
        return f"s3://{self.bucket}/runs"


def load(text: str | None) -> Settings:
    """The settings in the JSON text.

    Raises SettingsError when there is none, when it is no JSON, and when it does not keep to the schema.
    """
    if not text:
        raise SettingsError(f"the environment variable {VARIABLE} is not set: CodeBuild sets it in the stage Build")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsError(f"{VARIABLE} is no JSON: {error}") from error
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    wrong = sorted(validator.iter_errors(document), key=lambda error: error.json_path)
    if wrong:
        raise SettingsError("; ".join(f"{VARIABLE} {error.json_path}: {error.message}" for error in wrong))
    return Settings(
        output_key=document["keys"]["output"],
        volume_key=document["keys"]["volume"],
        subnet_ids=tuple(document["subnet_ids"]),
        security_group_ids=tuple(document["security_group_ids"]),
        gate=Gate(**document["gate"]),
        favourable=_as_written(document["favourable"]),
        not_inputs=tuple(document["not_inputs"]),
        facets={each["column"]: _as_written(each["values"]) for each in document["facets"]},
        processing=Instances(**document["instances"]["processing"]),
        training=Instances(**document["instances"]["training"]),
        **{key: document[key] for key in _PLAIN},
        **{key: document[key] for key in ("text", "base_model_uri") if key in document},
    )


_PLAIN = (
    *("project", "team", "environment", "region", "account_id", "template", "description", "pipeline_name"),
    *("role_arn", "bucket", "model_package_group", "target", "data", "images", "tags"),
)


def _as_written(values: list[str | int | bool]) -> tuple[str | int, ...]:
    """The values as the files hold them: true and false are 1 and 0 there (steps/datasets.py)."""
    return tuple(int(value) if isinstance(value, bool) else value for value in values)
