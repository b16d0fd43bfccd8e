"""What the functions that decide on releases and that write model cards are allowed: pure statements, no cdktf here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_operations.released_model import Folder


def decides(naming: Naming, topic_arn: str) -> Iterator[Statement]:
    """Read versions, start pipelines of releases, tell people. An approval is none of it."""
    yield _reads_versions(naming)
    yield Statement(
        "StartRelease",
        actions=("codepipeline:StartPipelineExecution",),
        resources=(naming.arn("codepipeline", f"{naming.organization}-{naming.environment}-release--*"),),
    )
    yield Statement("TellPeople", actions=("sns:Publish",), resources=(topic_arn,))


def writes_cards(naming: Naming, registry: Folder, reports: Sequence[Folder]) -> Iterator[Statement]:
    """Read versions and their `reports`, write cards. `registry` is where cards are exported to, under their own key.

    SageMaker uses the key and writes exports as the caller.
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-export.html
    """
    yield _reads_versions(naming)
    cards = naming.arn("sagemaker", f"model-card/{naming.organization}-{naming.environment}-*")
    yield Statement(
        "WriteCards",
        actions=(
            "sagemaker:CreateModelCardExportJob",
            "sagemaker:DescribeModelCard",
            "sagemaker:ListModelCardExportJobs",
            "sagemaker:ListModelCardVersions",
            "sagemaker:UpdateModelCard",
        ),
        resources=(cards,),
    )
    yield Statement(
        "ReadReports",
        actions=("s3:GetObject",),
        resources=[f"{_bucket(naming, each)}/{each.prefix}*" for each in reports],
    )
    # Without it S3 does not tell an object that is missing from one that is forbidden.
    for each in reports:
        yield Statement(
            f"FindReportsIn{each.key.title().replace('-', '')}",
            actions=("s3:ListBucket",),
            resources=(_bucket(naming, each),),
            conditions={"StringLike": {"s3:prefix": f"{each.prefix}*"}},
        )
    yield Statement(
        "WriteExports", actions=("s3:PutObject",), resources=(f"{_bucket(naming, registry)}/{registry.prefix}*",)
    )
    yield _uses_keys(naming, "DecryptReports", ("kms:Decrypt",), ("s3",), reports)
    yield _uses_keys(naming, "EncryptCards", ("kms:Decrypt", "kms:GenerateDataKey"), ("s3", "sagemaker"), [registry])


def _reads_versions(naming: Naming) -> Statement:
    groups = f"{naming.organization}-{naming.environment}-*"
    return Statement(
        "ReadVersions",
        actions=("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"),
        resources=[
            naming.arn("sagemaker", f"model-package-group/{groups}"),
            naming.arn("sagemaker", f"model-package/{groups}"),
        ],
    )


def _bucket(naming: Naming, folder: Folder) -> str:
    """Not by `Naming.bucket_arn`, which takes no pattern."""
    return f"arn:{naming.partition}:s3:::{naming.organization}-{naming.environment}-{folder.bucket}"


def _uses_keys(
    naming: Naming, sid: str, actions: Sequence[str], via: Sequence[str], folders: Sequence[Folder]
) -> Statement:
    """By their aliases: the ARNs of the keys are other stacks' to know."""
    return Statement(
        sid,
        actions=actions,
        resources=(naming.arn("kms", "key/*"),),
        conditions={
            "StringEquals": {"kms:ViaService": [f"{service}.{naming.region}.amazonaws.com" for service in via]},
            "ForAnyValue:StringEquals": {
                "kms:ResourceAliases": sorted({f"alias/{naming.name(each.key)}" for each in folders})
            },
        },
    )
