"""Stacks that Terraform can plan and in which each policy of ours passes on one subject and fails on another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.policies.support import ACCOUNT, OTHER, PROVIDER, Json, policy, stack

KEY = "${aws_kms_key.pass.arn}"  # not known before the apply
ISSUER = "token.actions.githubusercontent.com"
ALL_ON = {
    "block_public_acls": True,
    "block_public_policy": True,
    "ignore_public_acls": True,
    "restrict_public_buckets": True,
}


def _trust(principal: object, action: str = "sts:AssumeRole", condition: Mapping[str, object] | None = None) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return policy(statement | ({"Condition": condition} if condition else {}))


def _key_policy(principal: object) -> str:
    return policy({"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"})


def _tls(bucket: str, **changed: object) -> str:
    arn = f"${{aws_s3_bucket.{bucket}.arn}}"  # so that the plan does not know the policy
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return policy(deny | changed)


def _lock(bucket: str, days: int) -> Json:
    retention = {"default_retention": {"mode": "COMPLIANCE", "days": days}}
    return {"bucket": f"${{aws_s3_bucket.{bucket}.id}}", "rule": [retention]}


def _function(name: str, **more: object) -> Json:
    body = {"function_name": name, "role": f"arn:aws:iam::{ACCOUNT}:role/f", "handler": "f.f", "runtime": "python3.13"}
    return {**body, "filename": "function.zip", **more}


def _trail(name: str, **more: object) -> Json:
    return {"name": name, "s3_bucket_name": "trail", "is_organization_trail": True, "kms_key_id": KEY, **more}


def _account(name: str, **more: object) -> Json:
    return {"name": name, "email": f"{name}@acme.example", **more}


OWN_ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
OIDC = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"}
WEB = "sts:AssumeRoleWithWebIdentity"
PINNED = {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "repo:acme/platform:ref:x"}}

RESOURCES: dict[str, dict[str, Any]] = {
    "aws_cloudtrail": {
        "pass": _trail("pass", is_multi_region_trail=True, enable_log_file_validation=True),
        "fail": _trail("fail", is_multi_region_trail=False),
    },
    "aws_cloudwatch_log_group": {
        "pass": {"name": "/pass", "retention_in_days": 365, "kms_key_id": KEY},
        "fail": {"name": "/fail", "retention_in_days": 0},
        # Two instances of one block, of which one fails it.
        "each": {"for_each": {"a": 30, "b": 0}, "name": "/${each.key}", "retention_in_days": "${each.value}"},
    },
    "aws_iam_role": {
        "pass": {"name": "pass", "assume_role_policy": _trust(OWN_ROOT)},
        "fail": {"name": "fail", "assume_role_policy": _trust({"AWS": f"arn:aws:iam::{OTHER}:root"})},
        "web_pass": {"name": "web-pass", "assume_role_policy": _trust(OIDC, WEB, PINNED)},
        "web_fail": {"name": "web-fail", "assume_role_policy": _trust(OIDC, WEB)},
    },
    "aws_kms_key": {
        "pass": {"policy": _key_policy(OWN_ROOT), "enable_key_rotation": True, "deletion_window_in_days": 30},
        "fail": {"policy": _key_policy("*"), "enable_key_rotation": False},
    },
    "aws_lambda_function": {
        "pass": _function(
            "pass",
            kms_key_arn=KEY,
            tracing_config={"mode": "Active"},
            dead_letter_config={"target_arn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:dead"},
        ),
        "fail": _function("fail", tracing_config={"mode": "PassThrough"}),
    },
    "aws_organizations_account": {
        "pass": _account("pass", lifecycle={"prevent_destroy": True}),
        "fail": _account("fail", close_on_deletion=True),
    },
    "aws_s3_account_public_access_block": {"pass": ALL_ON, "fail": ALL_ON | {"block_public_acls": False}},
    "aws_s3_bucket": {
        "pass": {"bucket": "acme-pass", "object_lock_enabled": True},
        "fail": {"bucket": "acme-fail", "object_lock_enabled": True},
        "lonely": {"bucket": "acme-lonely"},
    },
    "aws_s3_bucket_object_lock_configuration": {"pass": _lock("pass", 400)},
    "aws_s3_bucket_policy": {
        "pass": {"bucket": "${aws_s3_bucket.pass.id}", "policy": _tls("pass")},
        "fail": {"bucket": "${aws_s3_bucket.fail.id}", "policy": _tls("fail", Action="s3:GetObject")},
    },
}
UNBOUND = {key: value for key, value in PROVIDER.items() if key != "default_tags"} | {
    "alias": "unbound",
    "region": "us-west-2",
}
# Two backends cannot stand in one stack; what fails about a backend has a stack of its own.
STACKS: dict[str, Json] = {
    "governed": stack(RESOURCES, provider=[PROVIDER, UNBOUND]),
    "local": stack(
        {"aws_cloudwatch_log_group": {"pass": {"name": "/local", "retention_in_days": 365, "kms_key_id": "k"}}},
        backend={"local": {"path": "terraform.tfstate"}},
    ),
}
