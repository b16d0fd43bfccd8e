"""What the log archive grants to who reads it from another account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Conditions, Principals, Statement
from modules.core.wiring import holder


@dataclass(frozen=True, slots=True)
class LogReader:
    """A role of another account that reads below `prefixes` of the log bucket.

    `purpose` begins the Sids of its statements. `edge` is the way to it, `account` the account itself as a principal.
    """

    purpose: str
    edge: Edge
    account: Principals
    role_arn: str
    prefixes: Sequence[str]


def bucket_statements(
    scope: Construct, reader: LogReader, bucket_arn: str, organization_id: str
) -> Sequence[Statement]:
    """What the bucket's policy needs: the reader lists and reads below its prefixes, and nothing beside them."""
    reader.edge.render(holder(scope), "bucket")
    conditions = _as_the_role(reader, organization_id)
    return (
        Statement(
            f"{reader.purpose}Lists",
            actions=("s3:ListBucket",),
            resources=(bucket_arn,),
            principals=reader.account,
            conditions={**conditions, "StringLike": {"s3:prefix": [f"{prefix}*" for prefix in reader.prefixes]}},
        ),
        Statement(
            f"{reader.purpose}Reads",
            actions=("s3:GetObject",),
            resources=tuple(f"{bucket_arn}/{prefix}*" for prefix in reader.prefixes),
            principals=reader.account,
            conditions=conditions,
        ),
    )


def key_statements(scope: Construct, reader: LogReader, organization_id: str, region: str) -> Sequence[Statement]:
    """What the key's policy needs: the reader decrypts what it reads of S3."""
    reader.edge.render(holder(scope), "key")
    conditions = _as_the_role(reader, organization_id, {"kms:ViaService": f"s3.{region}.amazonaws.com"})
    return (
        Statement(
            f"{reader.purpose}Decrypts",
            actions=("kms:Decrypt",),
            resources=("*",),
            principals=reader.account,
            conditions=conditions,
        ),
    )


def _as_the_role(reader: LogReader, organization_id: str, more: Mapping[str, str] | None = None) -> Conditions:
    # The role's ARN as a condition, not as principal: AWS refuses principals that do not exist yet.
    return {
        "StringEquals": {"aws:PrincipalOrgID": organization_id, **(more or {})},
        "ArnEquals": {"aws:PrincipalArn": reader.role_arn},
    }
