"""Cases of the policies on what the foundations make: buckets, keys, logs, trail, roles, accounts, functions."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.cases import LATER, UNKNOWN, Body, Case, changed
from tests.policies.support import ACCOUNT, OTHER, policy

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
OWN_ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
ISSUER = "token.actions.githubusercontent.com"
OIDC = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"}
PINNED = {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "repo:acme/platform:ref:x"}}
BLOCKED = {
    "block_public_acls": True,
    "block_public_policy": True,
    "ignore_public_acls": True,
    "restrict_public_buckets": True,
}
BUCKET = "arn:aws:s3:::acme"
LOCKED = {"object_lock_enabled": True}
TRAIL = {
    "name": "acme",
    "s3_bucket_name": "acme-trail",
    "is_organization_trail": True,
    "is_multi_region_trail": True,
    "enable_log_file_validation": True,
    "kms_key_id": KEY,
}
FUNCTION = {
    "function_name": "acme",
    "role": f"arn:aws:iam::{ACCOUNT}:role/f",
    "handler": "f.f",
    "runtime": "python3.13",
    "filename": "function.zip",
    "kms_key_arn": KEY,
    "tracing_config": {"mode": "Active"},
    "dead_letter_config": {"target_arn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:dead"},
}
ORG_ACCOUNT = {"name": "acme", "email": "acme@acme.example"}
LOG_GROUP = {"name": "/acme", "retention_in_days": 365, "kms_key_id": KEY}


def _tls(**more: object) -> Body:
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [BUCKET, f"{BUCKET}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"bucket": "acme", "policy": policy(deny | more)}


def _key(principal: object) -> Body:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    return {"policy": policy(statement), "enable_key_rotation": True, "deletion_window_in_days": 30}


def _lock(bucket: str, days: int) -> Body:
    retention = {"default_retention": {"mode": "COMPLIANCE", "days": days}}
    return {"bucket": f"${{aws_s3_bucket.@{bucket}.id}}", "rule": retention}


def _role(principal: object, action: str = "sts:AssumeRole", condition: Mapping[str, object] | None = None) -> Body:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {"name": "acme", "assume_role_policy": policy(statement | ({"Condition": condition} if condition else {}))}


CASES = [
    Case(
        "CKV_MLGOV_1",
        "aws_s3_bucket_policy",
        passes={"tls": _tls()},
        fails={
            "reads": (_tls(Action="s3:GetObject"), "no statement denies s3:*"),
            "some": (_tls(Principal={"AWS": ACCOUNT}), "no statement denies s3:*"),
            "unknown": ({"bucket": "acme", "policy": UNKNOWN}, "not provable at synthesis"),
        },
        beside=LATER,
    ),
    Case(
        "CKV2_MLGOV_1",
        "aws_s3_bucket",
        passes={"own": {"bucket": "acme-own"}},
        fails={"lonely": ({"bucket": "acme-lonely"}, "not met")},
        beside={"aws_s3_bucket_policy.own_policy": {"bucket": "${aws_s3_bucket.@own.id}", "policy": _tls()["policy"]}},
    ),
    Case(
        "CKV_MLGOV_2",
        "aws_kms_key",
        passes={"window": _key(OWN_ROOT)},
        fails={
            "short": ({**_key(OWN_ROOT), "deletion_window_in_days": 7}, "deletion_window_in_days"),
            "absent": (changed(_key(OWN_ROOT), deletion_window_in_days=None), "deletion_window_in_days"),
        },
    ),
    Case(
        "CKV_MLGOV_3",
        "aws_kms_key",
        passes={"own": _key(OWN_ROOT)},
        fails={
            "everybody": (_key("*"), "allows every principal without a condition"),
            "stranger": (_key({"AWS": f"arn:aws:iam::{OTHER}:root"}), f"allows arn:aws:iam::{OTHER}:root without"),
        },
    ),
    Case(
        "CKV_MLGOV_4",
        "aws_s3_bucket",
        passes={"kept": {"bucket": "acme-kept", **LOCKED}},
        fails={"idle": ({"bucket": "acme-idle", **LOCKED}, "no aws_s3_bucket_object_lock_configuration")},
        ignores={"free": {"bucket": "acme-free"}},
        beside={"aws_s3_bucket_object_lock_configuration.kept_lock": _lock("kept", 400)},
    ),
    Case(
        "CKV_MLGOV_5",
        "aws_s3_account_public_access_block",
        passes={"all": BLOCKED},
        fails={
            "one": (BLOCKED | {"block_public_acls": False}, "block_public_acls"),
            "nothing": ({}, "block_public_acls"),
        },
    ),
    Case(
        "CKV_MLGOV_6",
        "aws_cloudtrail",
        passes={"organization": TRAIL},
        fails={"member": (changed(TRAIL, is_organization_trail=None), "is_organization_trail")},
    ),
    Case(
        "CKV_MLGOV_7",
        "aws_cloudwatch_log_group",
        passes={"kept": LOG_GROUP},
        fails={
            "ever": (LOG_GROUP | {"retention_in_days": 0}, "retention_in_days"),
            "open": (changed(LOG_GROUP, kms_key_id=None), "kms_key_id"),
        },
    ),
    Case(
        "CKV_MLGOV_8",
        "aws_iam_role",
        passes={
            "own": _role(OWN_ROOT),
            "asked": _role(
                {"AWS": f"arn:aws:iam::{OTHER}:root"}, condition={"StringEquals": {"sts:ExternalId": "acme"}}
            ),
        },
        fails={"stranger": (_role({"AWS": f"arn:aws:iam::{OTHER}:root"}), "without a condition on external id")},
    ),
    Case(
        "CKV_MLGOV_9",
        "aws_iam_role",
        passes={"pinned": _role(OIDC, "sts:AssumeRoleWithWebIdentity", PINNED)},
        fails={"anybody": (_role(OIDC, "sts:AssumeRoleWithWebIdentity"), "does not pin aud")},
        ignores={"own": _role(OWN_ROOT)},
    ),
    Case(
        "CKV_MLGOV_12",
        "aws_lambda_function",
        passes={"whole": FUNCTION},
        fails={
            "untraced": (FUNCTION | {"tracing_config": {"mode": "PassThrough"}}, "tracing_config.mode is not Active"),
            "keyless": (changed(FUNCTION, kms_key_arn=None), "kms_key_arn is not set"),
            "lossy": (changed(FUNCTION, dead_letter_config=None), "dead_letter_config has no target_arn"),
        },
    ),
    Case(
        "CKV_MLGOV_13",
        "aws_organizations_account",
        passes={"kept": {**ORG_ACCOUNT, "lifecycle": {"prevent_destroy": True}}},
        fails={
            "loose": (ORG_ACCOUNT, "lifecycle.prevent_destroy is not true"),
            "closing": (
                {**ORG_ACCOUNT, "close_on_deletion": True, "lifecycle": {"prevent_destroy": True}},
                "close_on_deletion is true",
            ),
        },
    ),
]
