"""Policies over S3: each passes, fails or does not apply to exactly the addresses meant."""

from __future__ import annotations

import pytest

from tests.policies.conftest import Scanner
from tests.policies.support import Json, judged, policy, stack

BUCKET = "${aws_s3_bucket.b.arn}"
DENY_HTTP: Json = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [BUCKET, f"{BUCKET}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
ALL_ON = {
    "block_public_acls": True,
    "block_public_policy": True,
    "ignore_public_acls": True,
    "restrict_public_buckets": True,
}


def test_a_bucket_policy_must_deny_plain_http_to_all_on_all(scan: Scanner) -> None:
    """Only a Deny of every action for everyone on bucket and objects, under that one condition, passes."""
    good = {
        "plain": [DENY_HTTP],
        "aws_star": [DENY_HTTP | {"Principal": {"AWS": "*"}}],
        "beside_others": [
            {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "s3:Get*", "Resource": "*"},
            DENY_HTTP,
        ],
        "boolean": [DENY_HTTP | {"Condition": {"Bool": {"aws:SecureTransport": False}}}],
    }
    bad = {
        "allow": [DENY_HTTP | {"Effect": "Allow"}],
        "some_actions": [DENY_HTTP | {"Action": ["s3:GetObject"]}],
        "bucket_only": [DENY_HTTP | {"Resource": BUCKET}],
        "objects_only": [DENY_HTTP | {"Resource": f"{BUCKET}/*"}],
        "one_principal": [DENY_HTTP | {"Principal": {"AWS": "arn:aws:iam::111111111111:root"}}],
        "inverted": [DENY_HTTP | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}],
        "second_condition": [
            DENY_HTTP | {"Condition": {**DENY_HTTP["Condition"], "StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
        ],
        "none": [],
    }
    bodies = {name: {"bucket": "b", "policy": policy(*found)} for name, found in (good | bad).items()}
    bodies["by_reference"] = {"bucket": "b", "policy": "${data.aws_iam_policy_document.d.json}"}
    bodies["no_json"] = {"bucket": "b", "policy": "not a document"}
    assert judged(scan(stack({"aws_s3_bucket_policy": bodies})), "CKV_MLGOV_1") == {
        "passed": {f"aws_s3_bucket_policy.{name}" for name in good},
        "failed": {f"aws_s3_bucket_policy.{name}" for name in [*bad, "by_reference", "no_json"]},
    }


def test_a_bucket_needs_a_policy_of_its_own_stack(scan: Scanner) -> None:
    """A graph policy finds buckets that no bucket policy refers to; depends_on is no reference."""
    document = stack(
        {
            "aws_s3_bucket": {name: {"bucket": name} for name in ("referred", "lonely", "only_ordered")},
            "aws_s3_bucket_policy": {
                "p": {
                    "bucket": "${aws_s3_bucket.referred.id}",
                    "policy": policy(DENY_HTTP),
                    "depends_on": ["aws_s3_bucket.only_ordered"],
                }
            },
        }
    )
    assert judged(scan(document), "CKV2_MLGOV_1") == {
        "passed": {"aws_s3_bucket.referred"},
        "failed": {"aws_s3_bucket.lonely", "aws_s3_bucket.only_ordered"},
    }


def _lock(bucket: str, **retention: object) -> Json:
    return {"bucket": f"${{aws_s3_bucket.{bucket}.id}}", "rule": {"default_retention": retention}}


def test_object_lock_means_a_default_retention(scan: Scanner) -> None:
    """A locked bucket passes with a companion that retains; one without object lock is not judged."""
    locks = {
        "days": _lock("days", mode="COMPLIANCE", days=400),
        "years": _lock("years", mode="GOVERNANCE", years=1),
        "zero": _lock("zero", mode="COMPLIANCE", days=0),
        "no_mode": _lock("no_mode", days=5),
        "no_rule": {"bucket": "${aws_s3_bucket.no_rule.id}"},
        "token": _lock("token", mode="COMPLIANCE", days="${data.x.y.z}"),
    }
    buckets = {name: {"bucket": name, "object_lock_enabled": True} for name in [*locks, "alone"]}
    buckets |= {"unlocked": {"bucket": "u"}, "off": {"bucket": "o", "object_lock_enabled": False}}
    document = stack({"aws_s3_bucket": buckets, "aws_s3_bucket_object_lock_configuration": locks})
    assert judged(scan(document), "CKV_MLGOV_4") == {
        "passed": {"aws_s3_bucket.days", "aws_s3_bucket.years"},
        "failed": {f"aws_s3_bucket.{name}" for name in ("zero", "no_mode", "no_rule", "token", "alone")},
    }


@pytest.mark.parametrize("switch", ALL_ON)
@pytest.mark.parametrize("value", [False, None, "${local.unknown}"])
def test_the_account_block_needs_all_four_switches(scan: Scanner, switch: str, value: object) -> None:
    """One switch that is off, absent or unknown fails the account's public access block."""
    bodies = {"pass": ALL_ON, "fail": ALL_ON | {switch: value}}
    assert judged(scan(stack({"aws_s3_account_public_access_block": bodies})), "CKV_MLGOV_5") == {
        "passed": {"aws_s3_account_public_access_block.pass"},
        "failed": {"aws_s3_account_public_access_block.fail"},
    }
