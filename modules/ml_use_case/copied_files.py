"""Files of projects that the central registry copies: what the key over them says. No cdktf here."""

from __future__ import annotations

from collections.abc import Sequence

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge, EdgeHolder
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_use_case import names


def copied_files(holder: EdgeHolder, naming: Naming, role: ForeignRole, edges: Sequence[Edge]) -> Statement:
    """`role` decrypts, through S3, files of projects' buckets and of no others.

    With a bucket key S3 names the bucket as the context of what it encrypts: by it the statement is narrower than the
    key, which encrypts more than what is copied. Each bucket's policy says the rest. Renders the sides `key`.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    buckets = f"arn:{naming.partition}:s3:::{naming.organization}-{naming.environment}-{names.PROJECT_BUCKETS}*"
    for edge in edges:
        edge.render(holder, "key")
    return Statement(
        "CentralRegistryDecryptsModels",
        actions=("kms:Decrypt",),
        resources=("*",),
        principals=role.principals,
        conditions=role.conditions(
            {
                "StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": buckets},
            }
        ),
    )
