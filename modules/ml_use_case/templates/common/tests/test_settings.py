"""Settings that the platform passes are read whole, and anything else is refused in a sentence."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

import definitions
from ml_pipeline import clarify, problem, settings
from ml_pipeline.code import code
from ml_pipeline.settings import SCHEMA, SettingsError
from ml_pipeline.template import KINDS


def test_the_example_keeps_to_the_schema(document: dict[str, Any]) -> None:
    """The tests are of settings that the platform could pass."""
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "PROJECT_SETTINGS is not set"),
        ("", "PROJECT_SETTINGS is not set"),
        ("{", "is no JSON"),
        ("{}", "'project' is a required property"),
    ],
)
def test_no_settings_are_refused(text: str | None, message: str) -> None:
    """Missing, broken and empty."""
    with pytest.raises(SettingsError, match=message):
        settings.load(text)


def test_unknown_settings_and_other_versions_are_refused(document: dict[str, Any]) -> None:
    """A platform that says more than this code understands needs newer seed code."""
    for wrong in ({"surprise": 1}, {"version": 2}):
        with pytest.raises(SettingsError):
            settings.load(json.dumps(definitions.changed(document, **wrong)))


def test_true_and_false_are_one_and_zero(document: dict[str, Any]) -> None:
    """As in the files that the jobs read."""
    project = settings.load(json.dumps(definitions.changed(document, favourable=[False])))
    assert project.favourable == (0,)
    assert type(project.favourable[0]) is int


def test_other_code_lies_in_another_place(document: dict[str, Any]) -> None:
    """A definition means the same code for ever."""
    first = settings.load(json.dumps(document))
    other = settings.load(json.dumps(definitions.changed(document, not_inputs=["something"])))
    kind = problem.kind(first, KINDS)
    assert code(first, kind).uri == code(first, kind).uri
    assert code(first, kind).uri != code(other, kind).uri
    assert code(first, kind).uri.startswith(f"s3://{document['bucket']}/runs/code/")
    assert {"steps/prepare.py", "steps/train.py", "steps/evaluate.py", "steps/problem.json"} <= set(
        code(first, kind).files
    )


def test_clarify_takes_the_analyses(document: dict[str, Any]) -> None:
    """The SDK's own schema of analysis_config.json accepts them; what the model says is a column, not an endpoint."""
    from sagemaker.core.clarify import ANALYSIS_CONFIG_SCHEMA_V1_0

    project = settings.load(json.dumps(document))
    analyses = clarify.configurations(project, problem.kind(project, KINDS))
    assert len(analyses) == 2
    for content in analyses.values():
        analysis = json.loads(content)
        ANALYSIS_CONFIG_SCHEMA_V1_0.validate(analysis)
        assert "predictor" not in analysis
        assert [each["name_or_index"] for each in analysis["facet"]] == [each["column"] for each in document["facets"]]
