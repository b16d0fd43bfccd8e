"""Cases of the data controls about resource policies: who may come in, for whom, and over TLS."""

from __future__ import annotations

from tests.policies.cases import Body, Case
from tests.policies.support import ACCOUNT, OTHER, policy

INSECURE = {"Bool": {"aws:SecureTransport": "false"}}
ORGANISATION = {"StringEquals": {"aws:PrincipalOrgID": "o-acme"}}
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
STRANGER = {"AWS": f"arn:aws:iam::{OTHER}:root"}
TRAIL = {"Service": "cloudtrail.amazonaws.com"}
LOGGING = {"Service": "logging.s3.amazonaws.com"}


def _bucket(*statements: Body) -> Body:
    return {"bucket": "acme", "policy": policy(*statements)}


def _allow(principal: object, condition: Body | None = None) -> Body:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*"}
    return statement | ({"Condition": condition} if condition else {})


def _topic(action: object, **condition: object) -> Body:
    deny = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}
    arn = f"arn:aws:sns:eu-west-1:{ACCOUNT}:t"
    return {"arn": arn, "policy": policy({**deny, "Condition": condition} if condition else deny)}


def _files(*actions: str) -> Body:
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": actions, "Resource": "*", "Condition": INSECURE}
    return {"file_system_id": "fs-1", "policy": policy(deny)}


CASES = [
    Case(
        "CKV_MLGOV_244",
        "aws_s3_bucket",
        passes={"locked": {"bucket": "trail-a", "object_lock_enabled": True}},
        fails={
            "default": ({"bucket": "trail-b"}, "object_lock_enabled is not set, and AWS takes false"),
            "off": ({"bucket": "trail-c", "object_lock_enabled": False}, "object_lock_enabled is false"),
        },
        ignores={"of_logging": {"bucket": "logs"}, "alone": {"bucket": "alone"}},
        beside={
            **{
                f"aws_s3_bucket_policy.for_{name}": {
                    **_bucket(_allow(TRAIL)),
                    "bucket": f"${{aws_s3_bucket.@{name}.id}}",
                }
                for name in ("locked", "default", "off")
            },
            "aws_s3_bucket_policy.for_of_logging": {**_bucket(_allow(LOGGING)), "bucket": "logs"},
        },
    ),
    Case(
        "CKV_MLGOV_212",
        "aws_s3_bucket_policy",
        passes={
            "own": _bucket(_allow(ROOT)),
            "made_here": _bucket(_allow({"AWS": "${aws_iam_role.@reader.arn}"})),
            "organisation": _bucket(_allow("*", ORGANISATION)),
            "other_account": _bucket(_allow(STRANGER, ORGANISATION)),
            "own_by_condition": _bucket(_allow("*", {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})),
            "service": _bucket(_allow(LOGGING)),
        },
        fails={
            "open": (_bucket(_allow("*")), "allows every principal without a condition on aws:PrincipalOrgID"),
            "by_network": (_bucket(_allow("*", {"StringEquals": {"aws:SourceVpc": "vpc-1"}})), "every principal"),
            "stranger": (_bucket(_allow(STRANGER)), f"allows {STRANGER['AWS']} without a condition"),
            "other_by_condition": (
                _bucket(_allow("*", {"StringEquals": {"aws:PrincipalAccount": OTHER}})),
                "every principal",
            ),
            "any_account": (
                _bucket(_allow("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}})),
                "every principal",
            ),
            "canonical": (_bucket(_allow({"CanonicalUser": "79a59df900b949e5"})), "79a59df900b949e5"),
            "unknown": (_bucket(_allow({"AWS": "${aws_iam_role.@reader.path}"})), "without a condition"),
        },
        beside={"aws_iam_role.reader": {"name": "reader", "assume_role_policy": policy()}},
    ),
    Case(
        "CKV_MLGOV_212",
        "aws_sqs_queue",
        passes={"queue": {"name": "q1", "policy": policy(_allow(ROOT))}},
        fails={"open_queue": ({"name": "q2", "policy": policy(_allow("*"))}, "every principal")},
        ignores={"none": {"name": "q3"}},
    ),
    Case(
        "CKV_MLGOV_212",
        "aws_glue_resource_policy",
        passes={"shared": {"policy": policy(_allow("*", ORGANISATION)), "enable_hybrid": "TRUE"}},
        fails={"open_catalogue": ({"policy": policy(_allow("*"))}, "every principal")},
    ),
    Case(
        "CKV_MLGOV_213",
        "aws_efs_file_system_policy",
        passes={"files": _files("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite")},
        fails={"files_read": (_files("elasticfilesystem:ClientMount"), "no statement denies elasticfilesystem:client")},
    ),
    Case(
        "CKV_MLGOV_213",
        "aws_sns_topic_policy",
        passes={"topic": _topic("sns:Publish", **INSECURE), "all": _topic("sns:*", **INSECURE)},
        fails={
            "silent": (_topic("sns:Publish", Bool={"aws:SecureTransport": "true"}), "no statement denies sns:publish"),
            "unconditional": (_topic("sns:Publish"), "no statement denies sns:publish"),
            "other_action": (_topic("sns:Subscribe", **INSECURE), "no statement denies sns:publish"),
            "narrower": (_topic("sns:Publish", **INSECURE, StringEquals={"aws:SourceVpc": "v"}), "sole condition"),
        },
    ),
    Case(
        "CKV_MLGOV_214",
        "aws_s3_bucket_policy",
        passes={
            "account": _bucket(_allow(LOGGING, {"StringEquals": {"aws:SourceAccount": ACCOUNT}})),
            "organisation": _bucket(_allow(LOGGING, {"StringEquals": {"aws:SourceOrgID": "o-acme"}})),
        },
        fails={
            "anybody": (_bucket(_allow(LOGGING)), "logging.s3.amazonaws.com without a condition on aws:SourceAccount"),
            "any_value": (_bucket(_allow(LOGGING, {"StringLike": {"aws:SourceAccount": "*"}})), "without a condition"),
        },
        ignores={"no_service": _bucket(_allow(ROOT))},
    ),
]
