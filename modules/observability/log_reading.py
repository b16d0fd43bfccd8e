"""What the log archive grants to who audits the organisation trail from another account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Conditions, Principals, Statement
from modules.core.wiring import holder
from modules.observability.contract import trail_prefix


@dataclass(frozen=True, slots=True)
class LogReader:
    """A role of another account: `edge` is the way to it, `account` the account itself as a principal."""

    edge: Edge
    account: Principals
    role_arn: str


def bucket_statements(
    scope: Construct, reader: LogReader, bucket_arn: str, organization_id: str
) -> Sequence[Statement]:
    """What the bucket's policy needs: the reader lists and reads the trail, and nothing beside it."""
    reader.edge.render(holder(scope), "bucket")
    prefix, conditions = trail_prefix(organization_id), _as_the_role(reader, organization_id)
    return (
        Statement(
            "AuditLists",
            actions=("s3:ListBucket",),
            resources=(bucket_arn,),
            principals=reader.account,
            conditions={**conditions, "StringLike": {"s3:prefix": f"{prefix}*"}},
        ),
        Statement(
            "AuditReads",
            actions=("s3:GetObject",),
            resources=(f"{bucket_arn}/{prefix}*",),
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
            "AuditDecrypts",
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
