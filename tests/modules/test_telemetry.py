"""What accounts show to their observability account: links, their filters, and who is linked to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from modules.observability.contract import SinkContract
from modules.observability.telemetry import METRICS, TELEMETRY, link_filter, shows_log_group, shows_metric
from modules.observability.telemetry_link import TelemetryLink
from modules.observability.telemetry_settings import LinkSettings
from tests.support.rendering import render

SINK = SinkContract("arn:aws:oam:eu-west-1:333333333333:sink/1")


def _link(settings: LinkSettings) -> dict[str, Any]:
    return render(lambda scope: TelemetryLink(scope, "link", settings=settings, sink=SINK)).one("aws_oam_link")


def test_an_account_shows_what_its_settings_name() -> None:
    """Metrics and log groups by name and prefix, traces whole; telemetry carries the account's name."""
    link = _link(LinkSettings(metrics=("mlgov/*", "AWS/Lambda", "AWS/SQS"), log_groups=("/aws/*",)))
    assert link["sink_identifier"] == SINK.sink_arn
    assert link["label_template"] == "$AccountName"
    assert link["resource_types"] == list(TELEMETRY)
    assert link["link_configuration"] == {
        "metric_configuration": {"filter": "Namespace IN ('AWS/Lambda', 'AWS/SQS') OR Namespace LIKE 'mlgov/%'"},
        "log_group_configuration": {"filter": "LogGroupName LIKE '/aws/%'"},
    }


def test_everything_is_shown_without_a_filter() -> None:
    """`*` shows all metrics; what is not named at all is not among the kinds of telemetry."""
    link = _link(LinkSettings(metrics=("*",), log_groups=(), traces=False))
    assert link["resource_types"] == [METRICS]
    assert "link_configuration" not in link


def test_by_default_the_platform_is_seen_and_nothing_else() -> None:
    """SageMaker, Glue and what our functions count are shown; machines and groups of teams' own are not."""
    settings = LinkSettings()
    for namespace in (
        "AWS/SageMaker",
        "AWS/SageMaker/FeatureStore",
        "/aws/sagemaker/Endpoints",
        "Glue",
        "mlgov/Models",
    ):
        assert shows_metric(settings, namespace)
    assert shows_log_group(settings, "/aws/sagemaker/TrainingJobs")
    assert not shows_metric(settings, "AWS/EC2")
    assert not shows_log_group(settings, "team-diary")


def test_the_default_filter_is_one_that_cloudwatch_takes() -> None:
    """At most five AND and OR, and 2,000 characters."""
    for term, patterns in (("Namespace", LinkSettings().metrics), ("LogGroupName", LinkSettings().log_groups)):
        text = link_filter(term, patterns)
        assert text is not None
        assert text.count(" OR ") <= 5
        assert len(text) <= 2000


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"metrics": [f"{letter}*" for letter in "abcdef"]}, "at most 5 entries that end with"),
        ({"metrics": ["AWS/S3", "AWS/S3"]}, "repeats AWS/S3"),
        ({"log_groups": ["/aws/'"]}, "a prefix that ends with"),
        ({"metrics": [], "log_groups": [], "traces": False}, "shows nothing"),
    ],
)
def test_what_cloudwatch_would_refuse_is_told_before(given: dict[str, Any], said: str) -> None:
    """Too many prefixes, a name twice, an odd character, and nothing at all."""
    with pytest.raises(ValidationError, match=said):
        LinkSettings.model_validate_json(json.dumps(given))
