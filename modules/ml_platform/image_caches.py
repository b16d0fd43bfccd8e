"""Images of other registries, fetched by ECR when somebody first pulls them."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.ecr_pull_through_cache_rule import EcrPullThroughCacheRule
from cdktf_cdktf_provider_aws.ecr_registry_policy import EcrRegistryPolicy
from cdktf_cdktf_provider_aws.ecr_repository_creation_template import (
    EcrRepositoryCreationTemplate,
    EcrRepositoryCreationTemplateEncryptionConfiguration,
)
from constructs import Construct

from modules.core.iam import Statement, policy_document, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.units import Units
from modules.ml_platform.artifacts_settings import ImageSettings
from modules.ml_platform.image_lifecycle import expire
from modules.ml_platform.user import PULL_THROUGH


class ImageCaches(Construct):
    """A pull-through cache for each prefix in `settings.caches`, and how ECR makes the repositories of each.

    `policy` is what these repositories say of who pulls; None where no other account does.

    Guarantees:
    - repositories that ECR makes for a cache have fixed tags, `key_arn`, and the policy of the others;
    - a cached image goes after `cached_days`, and is fetched again when it is pulled;
    - the units of the teams' accounts have images fetched below these prefixes, and nowhere else;
    - ECR makes them as a role that makes repositories below these prefixes alone.

    Controls: CICD-08, CICD-09, IAM-01 (NIST 800-53 SR-3, AC-6, CM-2).
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ImageSettings,
        key_arn: str,
        boundary_arn: str,
        units: Units | None,
        policy: str | None,
    ) -> None:
        super().__init__(scope, id_)
        prefixes = sorted(settings.caches)
        below = tuple(naming.arn("ecr", f"repository/{prefix}/*") for prefix in prefixes)
        role = _creator(self, naming, below, key_arn, boundary_arn)
        for prefix in prefixes:
            each = Construct(self, prefix)
            template = EcrRepositoryCreationTemplate(
                each,
                "template",
                prefix=prefix,
                description=f"Repositories of images cached from {settings.caches[prefix].upstream}",
                applied_for=["PULL_THROUGH_CACHE"],
                custom_role_arn=role.arn,
                image_tag_mutability="IMMUTABLE",
                encryption_configuration=[
                    EcrRepositoryCreationTemplateEncryptionConfiguration(encryption_type="KMS", kms_key=key_arn)
                ],
                lifecycle_policy=expire("any", settings.cached_days),
                repository_policy=policy,
                depends_on=[role.whole],
            )
            EcrPullThroughCacheRule(
                each,
                "rule",
                ecr_repository_prefix=prefix,
                upstream_registry_url=settings.caches[prefix].upstream,
                credential_arn=settings.caches[prefix].credentials,
                depends_on=[template],  # what is pulled before has a repository without key and policy
            )
        if units is not None:
            EcrRegistryPolicy(
                self, "policy", policy=policy_document(units.allow("UnitsPullThroughCaches", PULL_THROUGH, below))
            )


def _creator(scope: Construct, naming: Naming, repositories: tuple[str, ...], key_arn: str, boundary_arn: str) -> Role:
    """The role as which ECR makes repositories; of each region one, as roles are of the whole account."""
    source: Mapping[str, str] = {"aws:SourceAccount": naming.account_id}
    return Role(
        scope,
        "creator",
        naming=naming,
        what=f"ml-image-caches-{naming.region}",
        description=f"ECR makes the repositories of image caches in {naming.region} as this role",
        trust=[
            Statement(
                "Ecr",
                actions=("sts:AssumeRole",),
                principals=service("ecr.amazonaws.com"),
                conditions={"StringEquals": source},
            )
        ],
        boundary_arn=boundary_arn,
        statements=[
            Statement(
                "MakeRepositories",
                actions=("ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"),
                resources=repositories,
            ),
            Statement(
                "HandKeyToRepositories",
                actions=("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"),
                resources=(key_arn,),
            ),
        ],
    )
