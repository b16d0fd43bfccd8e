"""What a team's roles are allowed for registered models and the private hub: IAM's half of both ways. No cdktf here.

The other half, shares and the policies of groups, bucket and key, stands with the registry. Statements for one role;
a role that is given several projects gets them once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.core.handshake import Edge, EdgeHolder
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_platform.names import MODEL_BUCKET, MODEL_KEY, hub_arns, model_files, model_group_arns

# What the policy of a group grants to a team's account, too: reading, and making a SageMaker model of a version.
READS_MODELS = (
    "sagemaker:DescribeModelPackage",
    "sagemaker:DescribeModelPackageGroup",
    "sagemaker:ListModelPackages",
)
DEPLOYS_MODELS = "sagemaker:CreateModel"


def finds_models(
    holder: EdgeHolder, edge: Edge | None, *, registry: Naming, team: str, projects: Sequence[str], deploys: bool
) -> Iterator[Statement]:
    """The team's groups in the registry of the account of `registry`, and the versions in them.

    With `deploys`, which is for the roles of jobs and endpoints (`pipeline`, `serving`), also their files.
    `edge` is FINDS_MODELS, None where the registry stands in the role's own account. The environment of the account is
    part of each Sid.
    """
    what = registry.environment.capitalize()
    arns = [arn for project in projects for arn in model_group_arns(registry, team, project)]
    # `ListModelPackageGroups` has no resources in IAM.
    yield Statement(f"List{what}ModelGroups", actions=("sagemaker:ListModelPackageGroups",), resources=("*",))
    yield Statement(f"Find{what}Models", actions=READS_MODELS, resources=arns)
    if deploys:
        yield from _files(registry, what, team, [arn for arn in arns if "/*" in arn])
    if edge is not None:
        edge.render(holder, "roles")


def uses_hub(holder: EdgeHolder, edge: Edge | None, *, hub: Naming, deploys: bool) -> Iterator[Statement]:
    """The private hub in the account of `hub` and its contents; with `deploys` also putting them to use.

    A reference in the hub names a model of SageMaker JumpStart, whose files lie in buckets of AWS. `edge` is USES_HUB,
    None where the hub stands in the role's own account.
    https://docs.aws.amazon.com/sagemaker/latest/dg/jumpstart-curated-hubs-ram.html
    """
    arns = hub_arns(hub)
    looks = ("DescribeHub", "DescribeHubContent", "ListHubContentVersions", "ListHubContents")
    yield Statement("LookIntoHub", actions=[f"sagemaker:{look}" for look in looks], resources=arns)
    if deploys:
        yield Statement("UseHubModels", actions=("sagemaker:DeployHubModel",), resources=arns[1:])
        caches = [
            f"arn:{hub.partition}:s3:::{cache}-{hub.region}"
            for cache in ("jumpstart-cache-prod", "jumpstart-private-cache-prod")
        ]
        yield Statement("ReadHubModels", actions=("s3:GetObject",), resources=[f"{cache}/*" for cache in caches])
        yield Statement("ListHubModels", actions=("s3:ListBucket",), resources=caches)
    if edge is not None:
        edge.render(holder, "roles")


def _files(registry: Naming, what: str, team: str, versions: Sequence[str]) -> Iterator[Statement]:
    bucket, files = registry.bucket_arn(MODEL_BUCKET), model_files(team)
    yield Statement(f"Deploy{what}Models", actions=(DEPLOYS_MODELS,), resources=versions)
    yield Statement(f"Read{what}ModelFiles", actions=("s3:GetObject",), resources=(f"{bucket}/{files}*",))
    yield Statement(
        f"List{what}ModelFiles",
        actions=("s3:ListBucket",),
        resources=(bucket,),
        conditions={"StringLike": {"s3:prefix": f"{files}*"}},
    )
    # By its alias: the ARN of the key is another stack's to know.
    yield Statement(
        f"Decrypt{what}ModelFiles",
        actions=("kms:Decrypt",),
        resources=(registry.arn("kms", "key/*"),),
        conditions={
            "StringEquals": {"kms:ViaService": f"s3.{registry.region}.amazonaws.com"},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{registry.name(MODEL_KEY)}"},
        },
    )
