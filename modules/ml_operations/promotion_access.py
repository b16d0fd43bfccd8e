"""What the function that promotes models may do, and nothing else: pure statements, no cdktf here.

The other half of each way stands with what is read: policies of groups, buckets, keys and repositories name its role.
"""

from __future__ import annotations

from collections.abc import Iterator

from modules.core.handshake import EdgeHolder
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_operations.promotion_sources import Central, Sources

# What is pulled, and what is pushed; https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)


def reads_models(holder: EdgeHolder, naming: Naming, sources: Sources) -> Iterator[Statement]:
    """Versions and their files, in the accounts where models are built and in no other; renders the sides `role`."""
    found = [source.naming for source in sources.models]
    accounts = tuple(each.account_id for each in found)
    prefixes = tuple(dict.fromkeys(f"{each.organization}-{each.environment}" for each in found))
    yield Statement(
        "ReadVersions",
        actions=("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"),
        resources=tuple(
            each.arn("sagemaker", what)
            for each in found
            for what in (f"model-package/{_prefix(each)}-*/*", f"model-package-group/{_prefix(each)}-*")
        ),
    )
    # By account in a condition: a role's policy would be too long with a line for each.
    there = {"StringEquals": {"aws:ResourceAccount": accounts}}
    buckets = tuple(f"arn:{naming.partition}:s3:::{prefix}-{sources.buckets}*" for prefix in prefixes)
    yield Statement(
        "ReadTheirFiles",
        actions=("s3:GetObject",),
        resources=tuple(f"{bucket}/runs/*" for bucket in buckets),
        conditions=there,
    )
    yield Statement(
        "ListTheirFiles",
        actions=("s3:ListBucket",),
        resources=buckets,
        conditions={**there, "StringLike": {"s3:prefix": "runs/*"}},
    )
    yield Statement(
        "DecryptTheirFiles",
        actions=("kms:Decrypt",),
        resources=(f"arn:{naming.partition}:kms:{naming.region}:*:key/*",),
        conditions={
            "StringEquals": {**there["StringEquals"], "kms:ViaService": f"s3.{naming.region}.amazonaws.com"},
            "ForAnyValue:StringEquals": {
                "kms:ResourceAliases": tuple(f"alias/{prefix}-{sources.key}" for prefix in prefixes)
            },
        },
    )
    for source in sources.models:
        for edge in source.edges:
            edge.render(holder, "role")


def writes_copies(naming: Naming, central: Central) -> Iterator[Statement]:
    """Central versions that wait for approval, and their files. It can approve none, and change or delete nothing."""
    versions = naming.arn("sagemaker", f"model-package/{central.groups}-*/*")
    group = naming.arn("sagemaker", f"model-package-group/{central.groups}-*")
    yield Statement(
        "FindCopies",
        actions=("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"),
        resources=(versions, group),
    )
    yield Statement(
        "RegisterCopies",
        actions=("sagemaker:CreateModelPackage",),
        resources=(versions, group),
        conditions={"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}},
    )
    bucket = f"arn:{naming.partition}:s3:::{central.bucket}"
    yield Statement("CopyFiles", actions=("s3:GetObject", "s3:PutObject"), resources=(f"{bucket}/models/*",))
    yield Statement("SeeWhatIsCopied", actions=("s3:ListBucket",), resources=(bucket,))
    yield Statement(
        "EncryptFiles",
        actions=("kms:Decrypt", "kms:GenerateDataKey"),
        resources=(naming.arn("kms", "key/*"),),
        conditions={
            "StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{central.key_alias}"},
        },
    )


def copies_images(
    holder: EdgeHolder, naming: Naming, central: Central, sources: Sources, trusted: tuple[str, ...]
) -> Iterator[Statement]:
    """Pulling images of the platform, and of the registries `trusted`; pushing the former; renders the sides `role`."""
    ours = tuple(each.naming.arn("ecr", f"repository/{each.prefix}*") for each in sources.images)
    theirs = tuple(f"arn:{naming.partition}:ecr:{naming.region}:{account}:repository/*" for account in trusted)
    if ours or theirs:
        yield Statement("PullImages", actions=PULL, resources=(*ours, *theirs))
    yield Statement("PushImages", actions=PUSH, resources=(naming.arn("ecr", f"repository/{central.images}*"),))
    for each in sources.images:
        each.edge.render(holder, "role")


def _prefix(naming: Naming) -> str:
    return f"{naming.organization}-{naming.environment}"
