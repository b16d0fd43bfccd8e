"""Log groups reach the log archive as the docstrings of their way guarantee."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from modules.observability.contract import LogArchiveContract
from modules.observability.intake_settings import (
    CRITERIA_LIMIT,
    LogIntakeSettings,
    LogSubscriptionSettings,
    OutsideDestination,
)
from modules.observability.log_intake import LogIntake
from modules.observability.log_subscription import LogSubscription
from modules.observability.names import destination_arn
from tests.support.rendering import NAMING, Rendered, render, statements

ARCHIVE = replace(NAMING, environment="org", account="log-archive", account_id="333333333333", region="eu-central-1")
SENDER = replace(NAMING, region="eu-central-1")
LOGS = LogArchiveContract("acme-org-logs", "arn:aws:s3:::acme-org-logs", "arn:aws:kms:eu-west-1:333333333333:key/k")
BOUNDARY = "arn:aws:iam::333333333333:policy/boundary"
STREAM = "arn:aws:firehose:eu-central-1:333333333333:deliverystream/acme-org-log-intake"


@pytest.fixture(name="intake", scope="module")
def _intake() -> Rendered:
    return render(
        lambda scope: LogIntake(
            scope,
            "intake",
            naming=ARCHIVE,
            settings=LogIntakeSettings(buffer_seconds=600),
            logs=LOGS,
            home="eu-west-1",
            organization_id="o-acme123456",
            boundary_arn=BOUNDARY,
        )
    )


@pytest.fixture(name="subscribe", scope="module")
def _subscribe() -> Callable[..., Rendered]:
    def subscribe(*, at_home: bool = False, **settings: Any) -> Rendered:
        return render(
            lambda scope: LogSubscription(
                scope,
                "log-groups",
                naming=SENDER,
                settings=LogSubscriptionSettings(**settings),
                archive=ARCHIVE,
                at_home=at_home,
                boundary_arn=BOUNDARY,
            )
        )

    return subscribe


def _delivery(intake: Rendered) -> dict[str, Any]:
    found: dict[str, Any] = intake.one("aws_kinesis_firehose_delivery_stream")["extended_s3_configuration"]
    return found


def _role(intake: Rendered, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    (key,) = (key for key, role in intake.all("aws_iam_role").items() if role["name"] == name)
    (policy,) = (
        policy
        for policy in intake.all("aws_iam_role_policy").values()
        if policy["role"] == f"${{aws_iam_role.{key}.name}}"
    )
    return statements(intake.all("aws_iam_role")[key]["assume_role_policy"]), statements(policy["policy"])


def test_only_accounts_of_the_organisation_send_their_log_groups(intake: Rendered) -> None:
    """The destination takes subscriptions of accounts and of log groups, from this organisation and no other."""
    policy = intake.policy("aws_cloudwatch_log_destination_policy", "access_policy")
    assert set(policy) == {"OrganizationSends"}
    sends = policy["OrganizationSends"]
    assert sends["Action"] == ["logs:PutAccountPolicy", "logs:PutSubscriptionFilter"]
    assert sends["Resource"] == destination_arn(ARCHIVE)
    assert sends["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-acme123456"}}


def test_cloudwatch_logs_puts_into_this_stream_for_the_organisation(intake: Rendered) -> None:
    """Whoever it acts for is of this organisation and region, and it puts nowhere else."""
    trust, granted = _role(intake, "acme-org-log-groups-eu-central-1")
    assert trust["CloudWatchLogs"]["Condition"] == {
        "StringEquals": {"aws:SourceOrgID": "o-acme123456"},
        "ArnLike": {"aws:SourceArn": "arn:aws:logs:eu-central-1:*:*"},
    }
    assert list(granted) == ["PutIntoStream"]
    assert "aws_kinesis_firehose_delivery_stream" in granted["PutIntoStream"]["Resource"]


def test_log_groups_lie_by_account_region_and_day(intake: Rendered) -> None:
    """The account is read out of what Firehose unpacked; each delivery is a line of a compressed object."""
    delivery = _delivery(intake)
    assert delivery["prefix"] == (
        "log-groups/account=!{partitionKeyFromQuery:account}/region=eu-central-1/day=!{timestamp:yyyy-MM-dd}/"
    )
    assert delivery["dynamic_partitioning_configuration"]["enabled"] is True
    steps = {step["type"]: step["parameters"] for step in delivery["processing_configuration"]["processors"]}
    assert list(steps) == ["Decompression", "MetadataExtraction", "AppendDelimiterToRecord"]
    assert steps["MetadataExtraction"][1]["parameter_value"] == "{account:.owner}"
    assert (delivery["compression_format"], delivery["file_extension"]) == ("GZIP", ".json.gz")


def test_what_is_not_understood_is_kept_apart(intake: Rendered) -> None:
    """Firehose's errors have a prefix outside that of the log groups, by kind, region and day."""
    delivery = _delivery(intake)
    assert delivery["error_output_prefix"] == (
        "log-groups-failed/!{firehose:error-output-type}/region=eu-central-1/day=!{timestamp:yyyy-MM-dd}/"
    )
    assert delivery["cloudwatch_logging_options"]["enabled"] is True


def test_the_stream_is_encrypted_here_and_its_objects_as_the_bucket(intake: Rendered) -> None:
    """The stream's key is one of its own region; the objects' key is that of the log bucket."""
    stream = intake.one("aws_kinesis_firehose_delivery_stream")
    (key,) = intake.all("aws_kms_key")
    assert stream["server_side_encryption"] == {
        "enabled": True,
        "key_type": "CUSTOMER_MANAGED_CMK",
        "key_arn": f"${{aws_kms_key.{key}.arn}}",
    }
    assert _delivery(intake)["kms_key_arn"] == LOGS.key_arn


def test_the_intake_writes_below_its_prefixes_and_deletes_nothing(intake: Rendered) -> None:
    """Firehose alone, for this stream, puts objects below two prefixes, and encrypts through S3 of the home region."""
    trust, granted = _role(intake, "acme-org-log-intake-eu-central-1")
    assert trust["Firehose"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "333333333333"},
        "ArnEquals": {"aws:SourceArn": STREAM},
    }
    assert granted["WriteLogGroups"]["Resource"] == [
        "arn:aws:s3:::acme-org-logs/log-groups/*",
        "arn:aws:s3:::acme-org-logs/log-groups-failed/*",
    ]
    assert granted["EncryptThroughS3"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
    }
    actions = {action for body in granted.values() for action in _many(body["Action"])}
    assert not {action for action in actions if re.search(r"Delete|\*|s3:GetObject", action)}


def _many(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_late_logs_raise_an_alarm(intake: Rendered) -> None:
    """The age of the oldest event is watched against the setting; nothing to deliver is no fault."""
    alarm = intake.one("aws_cloudwatch_metric_alarm")
    assert (alarm["metric_name"], alarm["threshold"]) == ("DeliveryToS3.DataFreshness", 3600)
    assert alarm["treat_missing_data"] == "notBreaching"


def test_every_log_group_is_sent_but_those_that_are_named(subscribe: Callable[..., Rendered]) -> None:
    """The subscription names what it leaves out, never what it takes: log groups to come are sent, too."""
    policy = subscribe(excluded_log_groups=("/noisy",)).one("aws_cloudwatch_log_account_policy")
    assert policy["policy_type"] == "SUBSCRIPTION_FILTER_POLICY"
    assert policy["selection_criteria"] == 'LogGroupName NOT IN ["/aws/kinesisfirehose/acme-org-log-intake", "/noisy"]'
    document = json.loads(policy["policy_document"])
    assert document == {
        "DestinationArn": "arn:aws:logs:eu-central-1:333333333333:destination:acme-org-log-groups",
        "Distribution": "Random",
        "FilterPattern": "",
        "RoleArn": "arn:aws:iam::222222222222:role/acme-dev-log-subscription",
    }


def test_the_intake_never_feeds_itself(intake: Rendered, subscribe: Callable[..., Rendered]) -> None:
    """The log group that the stream writes to is left out, whatever the settings exclude."""
    own = intake.one("aws_cloudwatch_log_group")["name"]
    for excluded in ((), ("/noisy",)):
        policy = subscribe(excluded_log_groups=excluded).one("aws_cloudwatch_log_account_policy")
        assert json.dumps(own) in policy["selection_criteria"]


def test_log_groups_may_go_to_a_destination_of_ones_own(subscribe: Callable[..., Rendered]) -> None:
    """Instead of the platform's, in the region of the log groups; a filter pattern lets pass what matches."""
    outside = OutsideDestination(account="999999999999", name="siem")
    policy = subscribe(outside=outside, filter_pattern="ERROR").one("aws_cloudwatch_log_account_policy")
    document = json.loads(policy["policy_document"])
    assert document["DestinationArn"] == "arn:aws:logs:eu-central-1:999999999999:destination:siem"
    assert document["FilterPattern"] == "ERROR"


def test_the_subscriptions_role_stands_at_home_and_writes_logs_of_its_account(
    subscribe: Callable[..., Rendered],
) -> None:
    """IAM is global: one region makes the role, and nothing outside the account's own log groups is open to it."""
    assert not subscribe().all("aws_iam_role")
    home = subscribe(at_home=True)
    granted = home.policy("aws_iam_role_policy")
    assert granted["ShowOrganization"]["Resource"] == "arn:aws:logs:*:222222222222:log-group:*:*"
    trust = home.policy("aws_iam_role", "assume_role_policy")
    assert trust["CloudWatchLogs"]["Condition"]["StringEquals"] == {"aws:SourceAccount": "222222222222"}


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        (LogSubscriptionSettings, {"excluded_log_groups": ("/aws/lambda/*",)}, "AWS takes no \\*"),
        (LogSubscriptionSettings, {"excluded_log_groups": ("a", "a")}, "repeats a"),
        (
            LogSubscriptionSettings,
            {"excluded_log_groups": tuple(f"{n:0>512}" for n in range(CRITERIA_LIMIT // 512 + 1))},
            "no longer list",
        ),
        (LogIntakeSettings, {"buffer_seconds": 900, "late_after_seconds": 1000}, "at least twice"),
    ],
)
def test_settings_that_aws_would_refuse_are_told_early(kind: Any, settings: dict[str, Any], message: str) -> None:
    """A pattern for names, a name twice, too many names, an alarm on what waits on purpose."""
    with pytest.raises(ValueError, match=message):
        kind(**settings)
