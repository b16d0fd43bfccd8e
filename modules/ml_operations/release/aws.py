"""AWS as the build, and as the roles that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from botocore.session import get_session

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 8})


@dataclass(frozen=True, slots=True)
class Role:
    """A role that the build becomes: it trusts this build by its ARN, and asks for the external id."""

    arn: str
    external_id: str
    session: str

    def block(self) -> dict[str, str]:
        """As Terraform's provider and backend take it."""
        return {"role_arn": self.arn, "external_id": self.external_id, "session_name": self.session}


def client(service: str, region: str) -> Any:
    """A client of AWS as the build itself."""
    return boto3.client(service, region_name=region, config=RETRYING)


def session_as(role: Role, region: str) -> Any:
    """A session as `role` that renews itself: a role reached from another role ends after an hour, a roll-out may not.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
    """

    def assume() -> dict[str, str]:
        answer = client("sts", region).assume_role(
            RoleArn=role.arn, RoleSessionName=role.session, ExternalId=role.external_id
        )
        found = answer["Credentials"]
        return {
            "access_key": found["AccessKeyId"],
            "secret_key": found["SecretAccessKey"],
            "token": found["SessionToken"],
            "expiry_time": found["Expiration"].isoformat(),
        }

    session = get_session()
    # botocore has no public way to hand a session credentials that renew themselves.
    session._credentials = RefreshableCredentials.create_from_metadata(assume(), assume, "assume-role")
    return boto3.Session(botocore_session=session, region_name=region)


def session_name(execution_id: str) -> str:
    """How a role's session is called: by the pipeline's execution, so that the trail tells which release it was."""
    return f"release-{execution_id}"[:64]


def place(uri: str) -> tuple[str, str]:
    """Bucket and key of an S3 URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
