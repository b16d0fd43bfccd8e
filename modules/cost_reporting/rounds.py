"""How a function visits many accounts: a message for each, and the role as which it works there. No cdktf here.

A round begins with a message that names the time and the accounts (`visited.first_message`). What works on it sends one
message for each account to its own queue: so each account is tried, retried and given up on its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.config import Config

_AT_ONCE = 10  # messages in one call of SQS
# Adaptive: SageMaker's listings are throttled by account, and others list there, too.
RETRYING = Config(retries={"mode": "adaptive", "total_max_attempts": 10}, connect_timeout=5, read_timeout=60)


def spread(sqs: Any, queue: str, time: str, accounts: Sequence[Mapping[str, Any]]) -> None:
    """Send a message for each account to `queue`.

    Raises ExceptionGroup with what SQS did not take: the round is begun anew, and who has been visited is once more.
    """
    refused = []
    for start in range(0, len(accounts), _AT_ONCE):
        entries = [
            {"Id": str(index), "MessageBody": json.dumps({"time": time, "account": account})}
            for index, account in enumerate(accounts[start : start + _AT_ONCE])
        ]
        answer = sqs.send_message_batch(QueueUrl=queue, Entries=entries)
        refused += [RuntimeError(f"SQS refused a message: {each['Code']}") for each in answer.get("Failed", ())]
    if refused:
        raise ExceptionGroup("accounts that the round does not reach", refused)


def become(sts: Any, role_arn: str, *, session: str, external_id: str) -> boto3.Session:
    """A session as the role. Raises botocore's ClientError when the account does not trust this function."""
    keys = sts.assume_role(RoleArn=role_arn, RoleSessionName=session, ExternalId=external_id)["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
