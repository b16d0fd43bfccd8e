"""The log archive and the trail keep what their docstrings guarantee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from modules.core.contract import Contract
from modules.observability.contract import LogArchiveContract, TrailContract
from modules.observability.log_archive import LogArchive
from modules.observability.organization_trail import S3_OBJECT, USE_OF_ML, OrganizationTrail
from modules.observability.settings import LogArchiveSettings, TrailSettings
from tests.support.rendering import NAMING, Rendered, render, statements

MANAGEMENT = replace(NAMING, environment="org", account="management", account_id="111111111111")
ARCHIVE = replace(NAMING, environment="org", account="log-archive", account_id="333333333333")
LOGS = LogArchiveContract("acme-org-logs", "arn:aws:s3:::acme-org-logs", "arn:aws:kms:eu-west-1:3:key/k")
TRAIL_ARN = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/acme-org-trail"


@pytest.fixture(name="archive", scope="module")
def _archive() -> Rendered:
    return render(
        lambda scope: LogArchive(
            scope,
            "archive",
            naming=ARCHIVE,
            settings=LogArchiveSettings(lock_days=400),
            trail=TrailContract(**TrailContract.names(MANAGEMENT)),
            organization_id="o-acme123456",
            management_account_id="111111111111",
            intake_regions=("eu-central-1", "eu-west-1"),
            boundary_arn="arn:aws:iam::333333333333:policy/boundary",
        )
    )


def _logs_policy(archive: Rendered) -> dict[str, dict[str, object]]:
    policies = (statements(body["policy"]) for body in archive.all("aws_s3_bucket_policy").values())
    return next(policy for policy in policies if "TrailWrites" in policy)


def _trail(**chosen: Any) -> Mapping[str, Any]:
    settings = TrailSettings(**chosen)
    return render(lambda scope: OrganizationTrail(scope, "trail", naming=MANAGEMENT, settings=settings, logs=LOGS)).one(
        "aws_cloudtrail"
    )


def test_logs_cannot_be_deleted_before_their_time(archive: Rendered) -> None:
    """The log bucket is locked in compliance mode for as many days as set."""
    lock = archive.one("aws_s3_bucket_object_lock_configuration")
    assert lock["rule"] == {"default_retention": {"days": 400, "mode": "COMPLIANCE"}}


def test_only_the_organisation_trail_writes_logs(archive: Rendered) -> None:
    """CloudTrail may write for one trail only, and only below the paths of this organisation."""
    policy = _logs_policy(archive)
    assert {sid for sid, body in policy.items() if body["Principal"] == {"Service": "cloudtrail.amazonaws.com"}} == {
        "TrailChecksBucket",
        "TrailWrites",
    }
    assert policy["TrailWrites"]["Resource"] == [
        "arn:aws:s3:::acme-org-logs/AWSLogs/111111111111/*",
        "arn:aws:s3:::acme-org-logs/AWSLogs/o-acme123456/*",
    ]
    for sid in ("TrailChecksBucket", "TrailWrites"):
        condition = policy[sid]["Condition"]
        assert isinstance(condition, dict)
        assert condition["StringEquals"]["aws:SourceArn"] == TRAIL_ARN


def test_the_trail_encrypts_and_never_decrypts(archive: Rendered) -> None:
    """The key lets the trail make data keys under its own encryption context, and no more."""
    policy = archive.policy("aws_kms_key")
    from_cloudtrail = [body for body in policy.values() if body["Principal"] == {"Service": "cloudtrail.amazonaws.com"}]
    assert {str(body["Action"]) for body in from_cloudtrail} == {"kms:GenerateDataKey*", "kms:DescribeKey"}
    assert all(body["Condition"]["StringEquals"] == {"aws:SourceArn": TRAIL_ARN} for body in from_cloudtrail)


def test_log_delivery_writes_for_accounts_of_the_organisation_alone(archive: Rendered) -> None:
    """Flow logs, the gateway's apart, and DNS queries arrive for resources of this organisation and no other."""
    policy, key = _logs_policy(archive), archive.policy("aws_kms_key")
    delivery = {"Service": "delivery.logs.amazonaws.com"}
    granted = {sid: body for sid, body in (policy | key).items() if body["Principal"] == delivery}
    assert set(granted) == {"LogDeliveryChecksBucket", "LogDeliveryWrites", "LogDeliveryEncrypts"}
    assert policy["LogDeliveryWrites"]["Resource"] == [
        f"arn:aws:s3:::acme-org-logs/{prefix}AWSLogs/*" for prefix in ("", "transit-gateways/")
    ]
    for body in granted.values():
        assert body["Condition"] == {"StringEquals": {"aws:SourceOrgID": "o-acme123456"}}


def test_nobody_else_writes_logs(archive: Rendered) -> None:
    """The bucket's policy allows something to CloudTrail and to log delivery, and to nobody besides."""
    allowed = {str(body["Principal"]) for body in _logs_policy(archive).values() if body["Effect"] == "Allow"}
    assert allowed == {str({"Service": f"{name}.amazonaws.com"}) for name in ("cloudtrail", "delivery.logs")}


def test_log_groups_are_written_by_the_intake_alone(archive: Rendered) -> None:
    """Below their prefixes nobody puts objects but the intake's role of each region, the account itself included."""
    denied = _logs_policy(archive)["IntakeAloneWritesLogGroups"]
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", "s3:PutObject")
    assert denied["Resource"] == [f"arn:aws:s3:::acme-org-logs/{it}/*" for it in ("log-groups", "log-groups-failed")]
    roles = [f"arn:aws:iam::333333333333:role/acme-org-log-intake-{it}" for it in ("eu-central-1", "eu-west-1")]
    assert denied["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": roles}}


@pytest.mark.parametrize("insights", [True, False])
def test_one_trail_records_every_account_and_region(insights: bool) -> None:
    """The trail spans the organisation and all regions, validates its files, and is encrypted."""
    trail = _trail(insights=insights)
    flags = (
        "is_organization_trail",
        "is_multi_region_trail",
        "include_global_service_events",
        "enable_log_file_validation",
        "enable_logging",
    )
    assert [trail[flag] for flag in flags] == [True] * 5
    assert trail["kms_key_id"] == LOGS.key_arn
    assert len(trail.get("insight_selector", [])) == (2 if insights else 0)


def test_the_trail_tells_who_used_data_and_models() -> None:
    """Data events of objects, endpoints, experiments and features are selected, beside all management events."""
    selected = [
        {test["field"]: test.get("equals") or test["not_starts_with"] for test in selector["field_selector"]}
        for selector in _trail(insights=False)["advanced_event_selector"]
    ]
    assert {"eventCategory": ["Management"]} in selected
    data = {kind: events for events in selected for kind in events.get("resources.type", ())}
    assert set(data) == {S3_OBJECT, *USE_OF_ML, "AWS::Lambda::Function"}
    assert {kind for kind, events in data.items() if "resources.ARN" in events} == {S3_OBJECT}
    assert data[S3_OBJECT]["resources.ARN"] == ["arn:aws:s3:::acme-org-logs/"]  # its own delivery would never end


def test_objects_of_a_bucket_that_is_named_are_not_recorded() -> None:
    """Beside the archive's own, no event of them is paid for; all other events are recorded as before."""
    recorded = _trail(insights=False)["advanced_event_selector"]
    fewer = _trail(insights=False, unrecorded_buckets=("scratch", "acme-dev-cache"))["advanced_event_selector"]
    (changed,) = ((one, other) for one, other in zip(recorded, fewer, strict=True) if one != other)
    assert changed[1]["field_selector"][-1] == {
        "field": "resources.ARN",
        "not_starts_with": [f"arn:aws:s3:::{bucket}/" for bucket in ("acme-org-logs", "acme-dev-cache", "scratch")],
    }


def test_objects_may_be_recorded_of_named_buckets_alone() -> None:
    """With beginnings of names, objects of no other bucket are recorded; the archive stays out all the same."""
    (objects,) = (
        selector["field_selector"][-1]
        for selector in _trail(recorded_buckets=("acme-prod-lake-",), also_recorded=())["advanced_event_selector"]
        if selector["name"] == f"Data events of {S3_OBJECT}"
    )
    assert objects["starts_with"] == ["arn:aws:s3:::acme-prod-lake-"]
    assert objects["not_starts_with"] == ["arn:aws:s3:::acme-org-logs/"]


def test_calls_by_vpc_endpoints_are_recorded_on_demand() -> None:
    """For each service that is named the trail has its network activity, refused calls among it; else none."""
    asked = _trail(network_activity=("s3", "kms"))["advanced_event_selector"]
    assert asked[:-2] == _trail()["advanced_event_selector"]
    assert [{test["field"]: test["equals"] for test in selector["field_selector"]} for selector in asked[-2:]] == [
        {"eventCategory": ["NetworkActivity"], "eventSource": [f"{service}.amazonaws.com"]} for service in ("kms", "s3")
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cold_after_days": 400, "expire_after_days": 400}, "cold_after_days must be smaller"),
        ({"lock_days": 3000}, "a locked log cannot expire"),
        ({"infrequent_after_days": 70}, "30 less than cold_after_days"),
        ({"infrequent_after_days": 90}, "infrequent_after_days must be smaller than cold_after_days"),
        ({"cold_after_days": 100, "deep_after_days": 185}, "90 more than cold_after_days"),
    ],
)
def test_log_settings_that_contradict_each_other_are_refused(settings: dict[str, int], message: str) -> None:
    """A log cannot turn cold after it expired, nor expire while it is locked."""
    with pytest.raises(ValueError, match=message):
        LogArchiveSettings(**settings)  # type: ignore[arg-type]


def test_every_contract_field_is_named_or_assigned() -> None:
    """The archive's names need no read; its key does."""
    assert set(LogArchiveContract.names(ARCHIVE)) == {"bucket_name", "bucket_arn"}
    assert set(LogArchiveContract.assigned_fields()) == {"key_arn"}
    assert issubclass(TrailContract, Contract)
    assert TrailContract.names(MANAGEMENT)["trail_arn"] == TRAIL_ARN
