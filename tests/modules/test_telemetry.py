"""What accounts show to their observability account, and what holds for the logs they keep."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from modules.observability.account_logs import AccountLogs
from modules.observability.contract import SinkContract
from modules.observability.log_catalogue import CATALOGUE, LogPurposeName, purpose_of
from modules.observability.telemetry import METRICS, TELEMETRY, link_filter, shows_log_group, shows_metric
from modules.observability.telemetry_link import TelemetryLink
from modules.observability.telemetry_settings import LinkSettings, LogSettings
from modules.observability.telemetry_sink import TelemetrySink
from modules.observability.trace_faults import TraceFaults
from tests.support.rendering import NAMING, Rendered, render

SINK = SinkContract("arn:aws:oam:eu-west-1:333333333333:sink/1")
KEY, POLICY = "arn:aws:kms:eu-west-1:222222222222:key/k", "aws_cloudwatch_log_account_policy"


def _link(settings: LinkSettings) -> dict[str, Any]:
    return render(lambda scope: TelemetryLink(scope, "link", settings=settings, sink=SINK)).one("aws_oam_link")


def _logs(settings: LogSettings, roles: tuple[str, ...] = ()) -> Rendered:
    return render(lambda scope: AccountLogs(scope, "logs", naming=NAMING, settings=settings, key_arn=KEY, roles=roles))


def test_the_organisation_alone_links_and_shows_three_kinds() -> None:
    """Whoever asks for a link is of the organisation, names kinds of telemetry, and names none but these."""
    sink = render(lambda scope: TelemetrySink(scope, "sink", naming=NAMING, organization_id="o-acme"))
    assert sink.policy("aws_oam_sink_policy")["OrganizationLinks"]["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": "o-acme"},
        "ForAllValues:StringEquals": {
            "oam:ResourceTypes": ["AWS::CloudWatch::Metric", "AWS::Logs::LogGroup", "AWS::XRay::Trace"]
        },
        "Null": {"oam:ResourceTypes": "false"},
    }


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


def test_log_groups_of_sagemaker_are_there_before_aws_makes_them() -> None:
    """In an account of a team: training, processing, transforms, Studio, with key, and days as set for each."""
    logs = _logs(LogSettings(days=400, days_by_purpose={"training": 731}), roles=("ml-team",))
    groups = {group["name"]: group for group in logs.all("aws_cloudwatch_log_group").values()}
    made = {f"/aws/sagemaker/{what}" for what in ("ProcessingJobs", "TrainingJobs", "TransformJobs", "studio")}
    assert {name for name in groups if name.startswith("/aws/sagemaker/")} == made
    assert {group["kms_key_id"] for group in groups.values()} == {KEY}
    assert {name: group["retention_in_days"] for name, group in groups.items() if name in made} == {
        name: 731 if name.endswith("/TrainingJobs") else 400 for name in made
    }


def test_what_is_masked_is_audited_too_and_findings_are_kept() -> None:
    """One statement audits and one masks, of the same data; findings go to a log group of this account, catalogued."""
    logs = _logs(LogSettings(masked=("EmailAddress", "PhoneNumber-GB")))
    policies = {each["policy_type"]: each["policy_document"] for each in logs.all(POLICY).values()}
    audit, mask = json.loads(policies["DATA_PROTECTION_POLICY"])["Statement"]
    assert mask["Operation"] == {"Deidentify": {"MaskConfig": {}}}
    assert mask["DataIdentifier"] == audit["DataIdentifier"]
    assert [one.rpartition("/")[2] for one in mask["DataIdentifier"]] == ["EmailAddress", "PhoneNumber-GB"]
    group = logs.one("aws_cloudwatch_log_group")
    assert audit["Operation"]["Audit"]["FindingsDestination"]["CloudWatchLogs"]["LogGroup"].startswith("${aws_cloudwa")
    found = purpose_of(group["name"])
    assert found is not None
    assert found.name == "sensitive-data-findings"


def test_credentials_are_masked_unless_settings_say_otherwise() -> None:
    """By default secret keys, private keys, cards and addresses are masked, and lines are indexed by their request."""
    documents = {each["policy_type"]: each["policy_document"] for each in _logs(LogSettings()).all(POLICY).values()}
    for identifier in ("AwsSecretKey", "CreditCardNumber", "EmailAddress", "PkcsPrivateKey"):
        assert f"data-identifier/{identifier}" in documents["DATA_PROTECTION_POLICY"]
    assert "function_request_id" in json.loads(documents["FIELD_INDEX_POLICY"])["Fields"]


def test_nothing_is_scanned_where_nothing_is_masked() -> None:
    """Without identifiers and fields there is no policy and no log group of findings: nothing is billed."""
    logs = _logs(LogSettings(masked=(), indexed=()))
    assert not logs.all(POLICY)
    assert not logs.all("aws_cloudwatch_log_group")


@pytest.mark.parametrize(
    ("group", "purpose"),
    [
        ("/aws/sagemaker/Endpoints/fraud", "endpoints"),
        ("/aws/sagemaker/TrainingJobs", "training"),
        ("/aws/lambda/acme-dev-x", "functions"),
        ("/aws/vendedlogs/acme-org-firewall-alerts", "network-firewall"),
        ("/aws/sagemaker/TrainingJobs2", None),
        ("diary", None),
    ],
)
def test_each_log_group_has_one_purpose(group: str, purpose: str | None) -> None:
    """A name is that of one purpose of the catalogue, or of none."""
    found = purpose_of(group)
    assert (found.name if found else None) == purpose
    assert [one.name for one in CATALOGUE if one.has(group)] == ([purpose] if purpose else [])


def test_the_catalogue_names_each_purpose_that_settings_know() -> None:
    """No purpose is there twice or only in the settings."""
    assert sorted(one.name for one in CATALOGUE) == sorted(get_args(LogPurposeName))


def test_traces_of_what_failed_are_found_apart() -> None:
    """One group holds faults and throttled requests; insights of them are told."""
    group = render(lambda scope: TraceFaults(scope, "faults", naming=NAMING)).one("aws_xray_group")
    assert (group["group_name"], group["filter_expression"]) == ("acme-dev-faults", "fault = true OR throttle = true")
    assert group["insights_configuration"] == {"insights_enabled": True, "notifications_enabled": True}
