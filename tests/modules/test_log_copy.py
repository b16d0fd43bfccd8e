"""The second copy of the logs is as safe as the first, and its making is watched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from constructs import Construct

from modules.core.bucket import Bucket, Retention
from modules.core.replication import LATE_SECONDS, Replica, Replication
from modules.observability.log_copy import LogCopy
from modules.observability.settings import LogArchiveSettings
from tests.support.rendering import NAMING, Rendered, render, statements

ARCHIVE = replace(NAMING, environment="org", account="log-archive", account_id="333333333333")
ABROAD = replace(ARCHIVE, region="eu-central-1")
KEY, COPY_KEY = "arn:aws:kms:eu-west-1:333333333333:key/k", "arn:aws:kms:eu-central-1:333333333333:key/c"


@pytest.fixture(name="copy", scope="module")
def _copy() -> Rendered:
    settings = LogArchiveSettings(lock_days=400, deep_after_days=1000, expire_after_days=2000)
    return render(lambda scope: LogCopy(scope, "copy", naming=ABROAD, settings=settings))


@pytest.fixture(name="replicated", scope="module")
def _replicated() -> Rendered:
    def build(scope: Construct) -> None:
        retention = Retention(noncurrent_days=365, infrequent_after_days=30, cold_after_days=60, deep_after_days=150)
        Replication(
            scope,
            "replication",
            naming=ARCHIVE,
            what="logs",
            bucket=Bucket(scope, "bucket", naming=ARCHIVE, what="logs", key_arn=KEY, retention=retention),
            key_arn=KEY,
            replica=Replica("arn:aws:s3:::acme-org-logs-copy", COPY_KEY, "eu-central-1", "GLACIER_IR"),
            boundary_arn="arn:aws:iam::333333333333:policy/boundary",
        )

    return render(build)


def _rule(replicated: Rendered) -> dict[str, Any]:
    (rule,) = replicated.one("aws_s3_bucket_replication_configuration")["rule"]
    found: dict[str, Any] = rule
    return found


def test_a_copy_is_locked_as_the_original(copy: Rendered) -> None:
    """Nobody deletes a copy before as many days as the settings of the log bucket say, and it expires with it."""
    lock = copy.one("aws_s3_bucket_object_lock_configuration")
    assert lock["rule"] == {"default_retention": {"days": 400, "mode": "COMPLIANCE"}}
    rules = [rule for body in copy.all("aws_s3_bucket_lifecycle_configuration").values() for rule in body["rule"]]
    kept = next(rule for rule in rules if rule["expiration"] == [{"days": 2000}])
    assert kept["transition"] == [{"days": 1000, "storage_class": "DEEP_ARCHIVE"}]


def test_nobody_puts_copies_but_replication(copy: Rendered) -> None:
    """The bucket's policy denies every upload; replication writes by an action of its own."""
    policies = (statements(body["policy"]) for body in copy.all("aws_s3_bucket_policy").values())
    (denied,) = (policy["NobodyPuts"] for policy in policies if "NobodyPuts" in policy)
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", "s3:PutObject")
    assert denied["Resource"] == "arn:aws:s3:::acme-org-logs-copy/*"
    assert "Condition" not in denied


def test_everything_is_copied_under_the_replicas_key(replicated: Rendered) -> None:
    """No prefix is left out, encrypted objects are taken, and each copy is encrypted by the key of its region."""
    rule = _rule(replicated)
    assert (rule["filter"], rule["status"]) == ({"prefix": ""}, "Enabled")
    assert rule["source_selection_criteria"] == {"sse_kms_encrypted_objects": {"status": "Enabled"}}
    assert rule["destination"]["encryption_configuration"] == {"replica_kms_key_id": COPY_KEY}
    assert rule["destination"]["storage_class"] == "GLACIER_IR"


def test_a_deletion_does_not_reach_the_copy(replicated: Rendered) -> None:
    """Delete markers stay where they were made, and the role that copies may delete nowhere."""
    assert _rule(replicated)["delete_marker_replication"] == {"status": "Disabled"}
    granted = replicated.policy("aws_iam_role_policy")
    assert granted["WriteReplicas"]["Action"] == ["s3:ReplicateObject", "s3:ReplicateTags"]
    assert not any("Delete" in str(body["Action"]) for body in granted.values())


def test_retention_of_an_object_goes_with_it(replicated: Rendered) -> None:
    """What S3 needs to copy objects under a lock may be read, of this bucket alone, by S3 alone for this bucket."""
    read = replicated.policy("aws_iam_role_policy")["ReadObjects"]
    assert {"s3:GetObjectLegalHold", "s3:GetObjectRetention"} <= set(read["Action"])
    assert read["Resource"] == "arn:aws:s3:::acme-org-logs/*"
    trust = replicated.policy("aws_iam_role", "assume_role_policy")["ReplicationOfTheBucket"]
    assert trust["Condition"]["StringEquals"] == {
        "aws:SourceAccount": "333333333333",
        "aws:SourceArn": "arn:aws:s3:::acme-org-logs",
    }


def test_copies_that_fail_or_are_late_raise_an_alarm(replicated: Rendered) -> None:
    """Both are measured for this very rule; without its metrics the alarms would never see anything."""
    assert _rule(replicated)["destination"]["metrics"] == {"status": "Enabled"}
    alarms = {alarm["metric_name"]: alarm for alarm in replicated.all("aws_cloudwatch_metric_alarm").values()}
    limits = {metric: alarm["threshold"] for metric, alarm in alarms.items()}
    assert limits == {"OperationsFailedReplication": 0, "ReplicationLatency": LATE_SECONDS}
    for alarm in alarms.values():
        assert alarm["dimensions"] == {
            "SourceBucket": "acme-org-logs",
            "DestinationBucket": "acme-org-logs-copy",
            "RuleId": _rule(replicated)["id"],
        }


def test_objects_turn_colder_in_steps(replicated: Rendered) -> None:
    """Infrequent, cold and deep follow each other as the days say."""
    (rule,) = replicated.one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert [(step["days"], step["storage_class"]) for step in rule["transition"]] == [
        (30, "STANDARD_IA"),
        (60, "GLACIER_IR"),
        (150, "DEEP_ARCHIVE"),
    ]
