"""What the bucket of the reports and its key say to the role as which S3 copies the exports there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.wiring import holder


@dataclass(frozen=True, slots=True)
class CopiedExports:
    """The way on which exports come, and the role in the management account: `names.EXPORTS_COPY`."""

    edge: Edge
    role: ForeignRole


def bucket_statements(scope: Construct, copied: CopiedExports, bucket_arn: str) -> Sequence[Statement]:
    """What the bucket's policy needs: the role writes copies and marks them deleted, and reads none.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough-2.html
    """
    copied.edge.render(holder(scope), "bucket")
    return (
        Statement(
            "ExportsAreCopied",
            actions=("s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"),
            resources=(f"{bucket_arn}/*",),
            principals=copied.role.principals,
            conditions=copied.role.conditions(),
        ),
    )


def key_statements(scope: Construct, copied: CopiedExports, region: str) -> Sequence[Statement]:
    """What the key's policy needs: the role encrypts what it writes to S3, and decrypts nothing."""
    copied.edge.render(holder(scope), "key")
    return (
        Statement(
            "CopiesAreEncrypted",
            actions=("kms:Encrypt", "kms:GenerateDataKey"),
            resources=("*",),
            principals=copied.role.principals,
            conditions=copied.role.conditions({"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}),
        ),
    )
