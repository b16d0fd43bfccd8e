"""What a team's roles are allowed of what ML teams share: IAM's half, beside the owner's policies. No cdktf here.

Each function writes the side `roles` of one kind of edge. `edge` is None where what is shared stands in the role's own
account: there the statement alone is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.core.handshake import Edge, EdgeHolder
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_platform.names import (
    ARTIFACT_BUCKET,
    ARTIFACT_KEY,
    image_namespace,
    package_domain_arn,
    package_repository_arn,
    team_artifacts,
)

# What roles may do, and what the policies of what is shared admit: the same.
# A layer is fetched by the first two; the third resolves a tag to a digest, which builds pin.
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:DescribeImages", "ecr:BatchCheckLayerAvailability")
# The first pull of an image through a cache makes its repository, and fetches the image.
PULL_THROUGH = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
READ_PACKAGES = (
    "codeartifact:DescribePackageVersion",
    "codeartifact:DescribeRepository",
    "codeartifact:GetPackageVersionReadme",
    "codeartifact:GetRepositoryEndpoint",
    "codeartifact:ListPackageVersionAssets",
    "codeartifact:ListPackageVersions",
    "codeartifact:ListPackages",
    "codeartifact:ReadFromRepository",
)


def pulls(
    holder: EdgeHolder, registries: Sequence[tuple[Naming, Edge | None]], *, caches: Sequence[str]
) -> Iterator[Statement]:
    """Pulling images of the central registries, one in each region, and through their `caches`, by their prefixes.

    ECR decrypts layers by grants of its own: who pulls needs no permission for the key.
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    """
    namings = [naming for naming, _ in registries]
    cached = tuple(naming.arn("ecr", f"repository/{prefix}/*") for naming in namings for prefix in caches)
    images = tuple(naming.arn("ecr", f"repository/{image_namespace(naming)}/*") for naming in namings)
    # A token is for all registries that the role may read: the action has no resources.
    yield Statement("SignInToRegistries", actions=("ecr:GetAuthorizationToken",), resources=("*",))
    yield Statement("PullSharedImages", actions=PULL, resources=(*images, *cached))
    if cached:
        yield Statement("PullThroughCaches", actions=PULL_THROUGH, resources=cached)
    for _, edge in registries:
        _rendered(holder, edge)


def hands_over(
    holder: EdgeHolder, edge: Edge | None, *, shared: Naming, team: str, writes: bool
) -> Iterator[Statement]:
    """Reading the team's artefacts, and those for all, in the account of `shared`; with `writes`, handing over, too.

    The key is named by its alias: its ARN is another stack's to know.
    """
    own, for_all = shared.bucket_arn(team_artifacts(team)), shared.bucket_arn(ARTIFACT_BUCKET)
    read = ("s3:GetObject", "s3:GetObjectVersion")
    yield Statement("ReadArtifacts", actions=read, resources=(f"{own}/*", f"{for_all}/*"))
    yield Statement("ListArtifacts", actions=("s3:ListBucket",), resources=(own, for_all))
    if writes:
        yield Statement(
            "HandOverArtifacts", actions=("s3:AbortMultipartUpload", "s3:PutObject"), resources=(f"{own}/*",)
        )
    yield Statement(
        "UseArtifactKey",
        actions=("kms:Decrypt", "kms:GenerateDataKey") if writes else ("kms:Decrypt",),
        resources=(shared.arn("kms", "key/*"),),
        conditions={
            "StringEquals": {"kms:ViaService": f"s3.{shared.region}.amazonaws.com"},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{shared.name(ARTIFACT_KEY)}"},
        },
    )
    _rendered(holder, edge)


def installs(holder: EdgeHolder, edge: Edge | None, *, shared: Naming) -> Iterator[Statement]:
    """Asking for a token of the domain in the account of `shared`, and reading packages of its repository for teams."""
    yield Statement(
        "SignInToPackages",
        actions=("codeartifact:GetAuthorizationToken",),
        resources=(package_domain_arn(shared),),
    )
    # The token is made by STS, whose action has no resources.
    yield Statement(
        "TokenForPackages",
        actions=("sts:GetServiceBearerToken",),
        resources=("*",),
        conditions={"StringEquals": {"sts:AWSServiceName": "codeartifact.amazonaws.com"}},
    )
    repository, packages = package_repository_arn(shared)
    yield Statement("InstallPackages", actions=READ_PACKAGES, resources=(repository, packages))
    _rendered(holder, edge)


def _rendered(holder: EdgeHolder, edge: Edge | None) -> None:
    if edge is not None:
        edge.render(holder, "roles")
