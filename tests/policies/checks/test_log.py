"""Policies over trails and log groups: each passes or fails exactly the addresses meant."""

from __future__ import annotations

from tests.policies.conftest import Scanner
from tests.policies.support import LOG_GROUP, Json, judged, stack

TRAIL: Json = {
    "name": "t",
    "s3_bucket_name": "b",
    "is_organization_trail": True,
    "is_multi_region_trail": True,
    "enable_log_file_validation": True,
    "kms_key_id": "${data.terraform_remote_state.logs.outputs.key_arn}",
}


def test_a_trail_covers_everything_and_can_be_trusted(scan: Scanner) -> None:
    """Every missing, false or unknown property of the trail fails it; a key known later is a key."""
    bad = {
        "one_account": TRAIL | {"is_organization_trail": False},
        "one_region": {key: value for key, value in TRAIL.items() if key != "is_multi_region_trail"},
        "unvalidated": TRAIL | {"enable_log_file_validation": False},
        "unknown": TRAIL | {"is_multi_region_trail": "${local.everywhere}"},
        "no_key": {key: value for key, value in TRAIL.items() if key != "kms_key_id"},
        "stopped": TRAIL | {"enable_logging": False},
    }
    document = stack({"aws_cloudtrail": {"pass": TRAIL, "started": TRAIL | {"enable_logging": True}, **bad}})
    assert judged(scan(document), "CKV_MLGOV_6") == {
        "passed": {"aws_cloudtrail.pass", "aws_cloudtrail.started"},
        "failed": {f"aws_cloudtrail.{name}" for name in bad},
    }


def test_log_groups_have_retention_and_key(scan: Scanner) -> None:
    """Retention must be a number above zero, and a key must be given."""
    bad = {
        "for_ever": {"name": "a", "kms_key_id": "k"},
        "zero": LOG_GROUP | {"retention_in_days": 0},
        "no_key": {"name": "a", "retention_in_days": 30},
        "empty_key": LOG_GROUP | {"kms_key_id": ""},
        "unknown": LOG_GROUP | {"retention_in_days": "${var.days}"},
    }
    assert judged(scan(stack({"aws_cloudwatch_log_group": {"pass": LOG_GROUP, **bad}})), "CKV_MLGOV_7") == {
        "passed": {"aws_cloudwatch_log_group.pass"},
        "failed": {f"aws_cloudwatch_log_group.{name}" for name in bad},
    }
