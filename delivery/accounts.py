"""Ask the embedded AWS, as each account in turn, what that account holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

ROLE = "OrganizationAccountAccessRole"  # AWS Organizations makes it in every account it creates


def buckets_by_account(environment: Mapping[str, str]) -> dict[str, list[str]]:
    """Bucket names by `name (id)` of every account of the organisation, each listed as that account.

    `environment` is the emulator's; only its endpoint, credentials and region are used. Raises botocore's
    ClientError when the organisation or a role cannot be used.
    """
    direct = Config(proxies={})

    def client(service: str, keys: Mapping[str, str]) -> Any:
        return boto3.client(
            service,
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            region_name=environment["AWS_REGION"],
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
            config=direct,
        )

    management = {
        "AccessKeyId": environment["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": environment["AWS_SECRET_ACCESS_KEY"],
    }
    tokens = client("sts", management)
    here = tokens.get_caller_identity()["Account"]
    found: dict[str, list[str]] = {}
    for page in client("organizations", management).get_paginator("list_accounts").paginate():
        for account in page["Accounts"]:
            keys = management
            if account["Id"] != here:
                role = f"arn:aws:iam::{account['Id']}:role/{ROLE}"
                keys = tokens.assume_role(RoleArn=role, RoleSessionName="mlgov-demo")["Credentials"]
            buckets = client("s3", keys).list_buckets()["Buckets"]
            found[f"{account['Name']} ({account['Id']})"] = sorted(bucket["Name"] for bucket in buckets)
    return found
