"""What builds of a release pipeline may do for passports: pure statements, no cdktf here."""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.passport.store import FOLDER

WRITERS = "release--*--passport"  # `names.build_role` of every project


@dataclass(frozen=True, slots=True)
class CentralVersions:
    """Where the versions of one project stand in the central registry.

    `group`: its group there, and its model card; `files`: the ARN that all its files match, and their bucket's;
    `key_alias`: of the key of that bucket; `repositories`: the ARN that all central image repositories match.
    """

    group: str
    bucket_arn: str
    prefix: str
    key_alias: str
    repositories: str


def issues(naming: Naming, project: str, versions: CentralVersions) -> tuple[Statement, ...]:
    """The stage Passport: reading the evidence, storing passports of the project and reading one that is there."""
    return (
        *_collects(naming, versions),
        Statement("IssuePassports", actions=("s3:GetObject", "s3:PutObject"), resources=(_passports(naming, project),)),
        _decrypts(naming, "EncryptPassports", ("kms:Decrypt", "kms:GenerateDataKey"), _alias(naming)),
    )


def reads(naming: Naming, project: str) -> tuple[Statement, ...]:
    """Reading passports of the project: what a deployment to production asks before all else."""
    return (
        Statement("ReadPassports", actions=("s3:GetObject",), resources=(_passports(naming, project),)),
        # Without it S3 says of a passport that is not there that reading it is denied.
        Statement(
            "ListPassports",
            actions=("s3:ListBucket",),
            resources=(naming.bucket_arn(names.PASSPORTS),),
            conditions={"StringLike": {"s3:prefix": f"{FOLDER}{project}/*"}},
        ),
        _decrypts(naming, "DecryptPassports", ("kms:Decrypt",), _alias(naming)),
    )


def _collects(naming: Naming, versions: CentralVersions) -> tuple[Statement, ...]:
    return (
        Statement(
            "ReadVersion",
            actions=("sagemaker:DescribeModelPackage",),
            resources=(naming.arn("sagemaker", f"model-package/{versions.group}/*"),),
        ),
        Statement(
            "ReadCard",
            actions=("sagemaker:DescribeModelCard", "sagemaker:ListModelCardVersions"),
            resources=(naming.arn("sagemaker", f"model-card/{versions.group}"),),
        ),
        Statement("ReadFiles", actions=("s3:GetObject",), resources=(f"{versions.bucket_arn}/{versions.prefix}*",)),
        Statement(
            "ListFiles",
            actions=("s3:ListBucket",),
            resources=(versions.bucket_arn,),
            conditions={"StringLike": {"s3:prefix": f"{versions.prefix}*"}},
        ),
        _decrypts(naming, "DecryptFiles", ("kms:Decrypt",), versions.key_alias),
        Statement("ReadScans", actions=("ecr:DescribeImageScanFindings",), resources=(versions.repositories,)),
        # ECR asks Inspector for them as the caller; these have no resources in IAM:
        # https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html
        Statement("ReadFindings", actions=("inspector2:ListCoverage", "inspector2:ListFindings"), resources=("*",)),
    )


def _passports(naming: Naming, project: str) -> str:
    return f"{naming.bucket_arn(names.PASSPORTS)}/{FOLDER}{project}/*"


def _alias(naming: Naming) -> str:
    return f"alias/{naming.name(names.PASSPORTS)}"


def _decrypts(naming: Naming, sid: str, actions: tuple[str, ...], alias: str) -> Statement:
    """By the alias: the ARN of the key is another stack's to know."""
    return Statement(
        sid,
        actions=actions,
        resources=(naming.arn("kms", "key/*"),),
        conditions={
            "StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": alias},
        },
    )
