"""What the builds of a release may do in the releasing account: pure statements, no cdktf here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.core.iam import Statement
from modules.core.naming import Naming


@dataclass(frozen=True, slots=True)
class CentralModel:
    """A project's model in the central registry, by the rules of the ML platform; `target` is what it predicts.

    `versions_arn` matches its versions; its files lie below `files` of the bucket `bucket`, under the key with the
    alias `key_alias`. `tools` is the bucket of artefacts for all, and `tools_key_alias` that of its key.
    """

    target: str
    group_arn: str
    versions_arn: str
    bucket: str
    files: str
    key_alias: str
    tools: str
    tools_key_alias: str


def reads_versions(model: CentralModel) -> tuple[Statement, ...]:
    """What the registry says of the project's versions: every stage that changes something asks again."""
    return (
        Statement("ReadVersions", actions=("sagemaker:DescribeModelPackage",), resources=(model.versions_arn,)),
        Statement(
            "ListVersions", actions=("sagemaker:ListModelPackages",), resources=(model.group_arn, model.versions_arn)
        ),
    )


def reads_files(naming: Naming, model: CentralModel) -> tuple[Statement, ...]:
    """The files of the project's versions."""
    return _reads(naming, "Files", model.bucket, model.files, model.key_alias)


def reads_tools(naming: Naming, model: CentralModel) -> tuple[Statement, ...]:
    """Terraform and its provider."""
    return _reads(naming, "Tools", model.tools, "tools/", model.tools_key_alias)


def becomes(sid: str, *role_arns: str) -> Statement:
    """The roles of other accounts that a build may become: exactly these."""
    return Statement(sid, actions=("sts:AssumeRole",), resources=role_arns)


def uses_key(naming: Naming, sid: str, via: str, actions: Sequence[str], *aliases: str) -> Statement:
    """Keys by their aliases, through one service: a key's ARN is another stack's to know."""
    return Statement(
        sid,
        actions=actions,
        resources=(naming.arn("kms", "key/*"),),
        conditions={
            "StringEquals": {"kms:ViaService": f"{via}.{naming.region}.amazonaws.com"},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": aliases},
        },
    )


def _reads(naming: Naming, what: str, bucket: str, prefix: str, alias: str) -> tuple[Statement, ...]:
    arn = f"arn:{naming.partition}:s3:::{bucket}"
    return (
        Statement(f"Read{what}", actions=("s3:GetObject",), resources=(f"{arn}/{prefix}*",)),
        Statement(
            f"List{what}",
            actions=("s3:ListBucket",),
            resources=(arn,),
            conditions={"StringLike": {"s3:prefix": f"{prefix}*"}},
        ),
        uses_key(naming, f"Decrypt{what}", "s3", ("kms:Decrypt",), alias),
    )
