"""Cases of the data controls about buckets, keys, shares, Athena and Macie; the others are in `data_*` beside it."""

from __future__ import annotations

from tests.policies.cases import Body, Case, changed
from tests.policies.support import ACCOUNT, policy

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
SWITCHES = {
    "block_public_acls": True,
    "block_public_policy": True,
    "ignore_public_acls": True,
    "restrict_public_buckets": True,
}


def _block(bucket: str, **more: object) -> Body:
    return {"bucket": f"${{aws_s3_bucket.@{bucket}.id}}", **SWITCHES, **more}


def _default(bucket: str, **settings: object) -> Body:
    default = {"apply_server_side_encryption_by_default": settings}
    return {"bucket": f"${{aws_s3_bucket.@{bucket}.id}}", "rule": [default]}


def _expiry(**rule: object) -> Body:
    return {"bucket": "acme", "rule": [{"id": "r", "status": "Enabled", "filter": [{"prefix": ""}], **rule}]}


def _replication(selection: Body | None, destination: Body) -> Body:
    rule = changed(
        {"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::replica", **destination}},
        source_selection_criteria=selection,
    )
    return {"bucket": "acme", "role": f"arn:aws:iam::{ACCOUNT}:role/r", "rule": [rule]}


def _results(**more: object) -> Body:
    return {"output_location": "s3://acme/results/", **more}


def _workgroup(results: Body | None, **more: object) -> Body:
    return {"name": "acme", "configuration": changed({}, result_configuration=results, **more)}


ENCRYPTED = {"encryption_option": "SSE_KMS", "kms_key_arn": KEY}
SSE_KMS = {"sse_kms_encrypted_objects": {"status": "Enabled"}}
REPLICA = {"encryption_configuration": {"replica_kms_key_id": KEY}}
JOB = {"s3_job_definition": {"bucket_definitions": [{"account_id": ACCOUNT, "buckets": ["acme"]}]}}
WEEKLY = {"job_type": "SCHEDULED", "schedule_frequency": {"weekly_schedule": "SUNDAY"}}

CASES = [
    Case(
        "CKV_MLGOV_210",
        "aws_s3_bucket",
        passes={"blocked": {"bucket": "acme-a"}, "by_name": {"bucket": "acme-b"}},
        fails={
            "alone": ({"bucket": "acme-c"}, "no aws_s3_bucket_public_access_block of this stack refers to the bucket"),
            "half": ({"bucket": "acme-d"}, "restrict_public_buckets of"),
        },
        beside={
            "aws_s3_bucket_public_access_block.of_blocked": _block("blocked"),
            "aws_s3_bucket_public_access_block.of_by_name": {**SWITCHES, "bucket": "acme-b"},
            "aws_s3_bucket_public_access_block.of_half": changed(_block("half"), restrict_public_buckets=None),
        },
    ),
    Case(
        "CKV_MLGOV_211",
        "aws_s3_bucket",
        passes={"key": {"bucket": "acme-e"}, "dual": {"bucket": "acme-f"}},
        fails={
            "alone": ({"bucket": "acme-g"}, "no aws_s3_bucket_server_side_encryption_configuration of this stack"),
            "of_s3": ({"bucket": "acme-h"}, "sse_algorithm is AES256"),
            "of_aws": ({"bucket": "acme-i"}, "kms_master_key_id is not set"),
        },
        beside={
            f"aws_s3_bucket_server_side_encryption_configuration.for_{name}": _default(name, **settings)
            for name, settings in {
                "key": {"sse_algorithm": "aws:kms", "kms_master_key_id": KEY},
                "dual": {"sse_algorithm": "aws:kms:dsse", "kms_master_key_id": KEY},
                "of_s3": {"sse_algorithm": "AES256"},
                "of_aws": {"sse_algorithm": "aws:kms"},
            }.items()
        },
    ),
    Case(
        "CKV_MLGOV_215",
        "aws_s3_bucket_lifecycle_configuration",
        passes={"month": _expiry(noncurrent_version_expiration=[{"noncurrent_days": 30}])},
        fails={
            "week": (_expiry(noncurrent_version_expiration=[{"noncurrent_days": 7}]), "must be at least 30"),
            "unknown": (
                _expiry(
                    noncurrent_version_expiration=[{"noncurrent_days": "${aws_kms_key.@k.rotation_period_in_days}"}]
                ),
                "not provable",
            ),
        },
        ignores={"never": _expiry(expiration=[{"days": 365}])},
        beside={"aws_kms_key.k": {}},
    ),
    Case(
        "CKV_MLGOV_216",
        "aws_s3_bucket_replication_configuration",
        passes={"key": _replication(SSE_KMS, REPLICA)},
        fails={
            "left_out": (_replication(None, REPLICA), "sse_kms_encrypted_objects.status is not set"),
            "disabled": (
                _replication({"sse_kms_encrypted_objects": {"status": "Disabled"}}, REPLICA),
                "status is Disabled",
            ),
            "no_key": (_replication(SSE_KMS, {}), "replica_kms_key_id is not set"),
        },
    ),
    Case(
        "CKV_MLGOV_217",
        "aws_kms_key",
        passes={
            "yearly": {"enable_key_rotation": True},
            "quarterly": {"enable_key_rotation": True, "rotation_period_in_days": 90},
        },
        fails={
            "absent": ({}, "enable_key_rotation is not set, and AWS takes false"),
            "off": ({"enable_key_rotation": False}, "enable_key_rotation is false"),
            "unknown": ({"enable_key_rotation": "${aws_kms_key.@off.multi_region}"}, "not provable"),
            "rare": ({"enable_key_rotation": True, "rotation_period_in_days": 730}, "must be at most 365"),
        },
        ignores={"signs": {"key_usage": "SIGN_VERIFY", "customer_master_key_spec": "RSA_4096"}},
    ),
    Case(
        "CKV_MLGOV_218",
        "aws_kms_key_policy",
        passes={
            "left_out": {"key_id": "k", "policy": policy()},
            "checked": {"key_id": "k", "policy": policy(), "bypass_policy_lockout_safety_check": False},
        },
        fails={
            "bypassed": (
                {"key_id": "k", "policy": policy(), "bypass_policy_lockout_safety_check": True},
                "bypass_policy_lockout_safety_check is true",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_237",
        "aws_athena_workgroup",
        passes={"enforced": _workgroup(_results(encryption_configuration=ENCRYPTED))},
        fails={
            "absent": ({"name": "none"}, "output_location is not set"),
            "clear": (_workgroup(_results()), "kms_key_arn is not set"),
            "of_s3": (
                _workgroup(_results(encryption_configuration={"encryption_option": "SSE_S3"})),
                "encryption_option is SSE_S3",
            ),
            "client": (
                _workgroup(_results(encryption_configuration=ENCRYPTED), enforce_workgroup_configuration=False),
                "enforce_workgroup_configuration is false",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_240",
        "aws_macie2_account",
        passes={"default": {}, "on": {"status": "ENABLED", "finding_publishing_frequency": "ONE_HOUR"}},
        fails={
            "paused": ({"status": "PAUSED"}, "status is PAUSED, not ENABLED"),
            "slow": ({"finding_publishing_frequency": "SIX_HOURS"}, "finding_publishing_frequency is SIX_HOURS"),
        },
    ),
    Case(
        "CKV_MLGOV_241",
        "aws_macie2_classification_job",
        passes={"weekly": {**JOB, **WEEKLY}},
        fails={
            "once": ({**JOB, "job_type": "ONE_TIME"}, "job_type is ONE_TIME, not SCHEDULED"),
            "cancelled": ({**JOB, **WEEKLY, "job_status": "CANCELLED"}, "job_status is CANCELLED"),
        },
    ),
    Case(
        "CKV_MLGOV_243",
        "aws_ram_resource_share",
        passes={"inside": {"name": "a", "allow_external_principals": False}},
        fails={"outside": ({"name": "b", "allow_external_principals": True}, "allow_external_principals is true")},
    ),
]
