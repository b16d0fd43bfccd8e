"""The search for sensitive data in a domain's zones, and what becomes of its findings."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from constructs import Construct

from modules.data_lake.sensitive_data import SensitiveData
from modules.data_lake.settings import DomainLake, Identifier
from modules.foundations.contract import BaselineContract
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements

KEY_ARN = "arn:aws:kms:eu-west-1:222222222222:key/domain"
KEYS = {"account-logs": "arn:aws:kms:eu-west-1:222222222222:key/logs", "messages": "arn:aws:kms:::key/messages"}
BOUNDARY = "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary"
LAKE = DomainLake(
    sensitive_data={"customer_number": Identifier(description="Number", pattern="C-[0-9]{8}", keywords=("customer",))}
)


@pytest.fixture(name="searched", scope="module")
def _searched() -> tuple[Rendered, TestStack]:
    stacks = []

    def build(stack: Construct) -> None:
        stacks.append(stack)
        SensitiveData(
            stack,
            "sensitive-data",
            naming=NAMING,
            settings=LAKE,
            domain="customers",
            owner="owner@acme.example",
            buckets={"raw": "acme-dev-customers-raw", "curated": "acme-dev-customers-curated"},
            weekday="SUNDAY",
            sampling_percentage=40,
            data_key_arn=KEY_ARN,
            keys=BaselineContract(key_arns=KEYS, **BaselineContract.names(NAMING)),
            access_logs="acme-dev-customers-access-logs",
            boundary_arn=BOUNDARY,
        )

    rendered = render(build)
    assert isinstance(stacks[0], TestStack)
    return rendered, stacks[0]


def test_every_zone_is_searched_every_week(searched: tuple[Rendered, TestStack]) -> None:
    """The job reads all zones in this account, weekly, beginning with what is there, and looks for the domain's own."""
    job = searched[0].one("aws_macie2_classification_job")
    assert job["job_type"] == "SCHEDULED"
    assert job["initial_run"] is True
    assert job["sampling_percentage"] == 40
    assert job["schedule_frequency"] == {"weekly_schedule": "SUNDAY"}
    assert job["s3_job_definition"] == {
        "bucket_definitions": [
            {"account_id": NAMING.account_id, "buckets": ["acme-dev-customers-curated", "acme-dev-customers-raw"]}
        ]
    }
    identifier = searched[0].one("aws_macie2_custom_data_identifier")
    assert (identifier["name"], identifier["regex"]) == ("acme-dev-customers-customer-number", "C-[0-9]{8}")
    assert len(job["custom_data_identifier_ids"]) == 1


def test_findings_in_the_zones_reach_the_function(searched: tuple[Rendered, TestStack]) -> None:
    """The rule takes findings of data in these zones, no samples and no other buckets, and alone calls the function."""
    rendered = searched[0]
    assert json.loads(rendered.one("aws_cloudwatch_event_rule")["event_pattern"]) == {
        "source": ["aws.macie"],
        "detail-type": ["Macie Finding"],
        "detail": {
            "category": ["CLASSIFICATION"],
            "sample": [False],
            "resourcesAffected": {"s3Bucket": {"name": ["acme-dev-customers-curated", "acme-dev-customers-raw"]}},
        },
    }
    permission = rendered.one("aws_lambda_permission")
    assert permission["principal"] == "events.amazonaws.com"
    assert permission["source_account"] == NAMING.account_id
    assert permission["source_arn"].startswith("${aws_cloudwatch_event_rule.")


def test_the_function_proposes_and_does_nothing_else(searched: tuple[Rendered, TestStack]) -> None:
    """It may write proposals and tell the owner: it can neither read a zone nor change a tag or a catalogue."""
    policy = statements(searched[0].one("aws_iam_role_policy")["policy"])
    own = {"WriteOwnLogs", "SendDeadLetters", "UseKey", "Trace"}  # what every function has
    allowed = {
        (action, resource)
        for sid, each in policy.items()
        if sid not in own
        for action in _many(each["Action"])
        for resource in _many(each["Resource"])
    }
    kept, topic = "arn:aws:s3:::acme-dev-customers-proposals", "${aws_sns_topic"
    assert {action for action, _ in allowed} == {
        *("s3:ListBucket", "s3:GetObject", "s3:PutObject", "sns:Publish", "kms:Decrypt", "kms:GenerateDataKey")
    }
    assert {resource for action, resource in allowed if action.startswith("s3:")} == {
        *(kept, f"{kept}/told/*", f"{kept}/proposals/*")
    }
    assert all(resource.startswith(topic) for action, resource in allowed if action == "sns:Publish")
    assert {resource for action, resource in allowed if action.startswith("kms:")} == {KEY_ARN, KEYS["messages"]}


def test_proposals_are_kept_under_the_domain_s_key(searched: tuple[Rendered, TestStack]) -> None:
    """They tell where sensitive data is: their bucket has the key of the data, and keeps them for 400 days."""
    encryption = searched[0].one("aws_s3_bucket_server_side_encryption_configuration")
    (rule,) = encryption["rule"]
    assert rule["apply_server_side_encryption_by_default"]["kms_master_key_id"] == KEY_ARN
    (retention,) = searched[0].one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert retention["expiration"] == [{"days": 400}]


def test_the_owner_hears_of_findings_that_nothing_became_of(searched: tuple[Rendered, TestStack]) -> None:
    """A message in the dead-letter queue raises an alarm, which the topic takes and mails."""
    alarm = searched[0].one("aws_cloudwatch_metric_alarm")
    assert (alarm["metric_name"], alarm["threshold"]) == ("ApproximateNumberOfMessagesVisible", 0)
    assert alarm["dimensions"]["QueueName"].startswith("${aws_sqs_queue.")
    publish = searched[0].policy("aws_sns_topic_policy")["OwnAlarmPublishes"]
    assert publish["Condition"]["ArnEquals"]["aws:SourceArn"].endswith(f":alarm:{alarm['alarm_name']}")
    assert searched[0].one("aws_sns_topic_subscription")["endpoint"] == "owner@acme.example"


def test_the_archive_is_whole(searched: tuple[Rendered, TestStack]) -> None:
    """It holds what the domain declares, and every module of ours that its sources import."""
    with zipfile.ZipFile(io.BytesIO(searched[1].assets["customers-proposals.zip"])) as archive:
        sources = {name: archive.read(name).decode() for name in archive.namelist()}
    package = "modules/data_lake/functions/propose_tags"
    assert json.loads(sources[f"{package}/declared.json"])["domain"] == "customers"
    wanted = {
        each for text in sources.values() for each in re.findall(r"^from (modules\.[\w.]+) import", text, re.MULTILINE)
    }
    assert wanted
    assert all(f"{name.replace('.', '/')}{end}" in sources for name in wanted for end in _ends(name, package))
    assert searched[0].one("aws_lambda_function")["handler"] == f"{package.replace('/', '.')}.handler.handle"


def _ends(name: str, package: str) -> list[str]:
    return ["/__init__.py"] if name == package.replace("/", ".") else [".py"]


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
