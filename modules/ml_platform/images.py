"""The central container images of one region."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_registry_scanning_configuration import (
    EcrRegistryScanningConfiguration,
    EcrRegistryScanningConfigurationRule,
    EcrRegistryScanningConfigurationRuleRepositoryFilter,
)
from cdktf_cdktf_provider_aws.ecr_replication_configuration import (
    EcrReplicationConfiguration,
    EcrReplicationConfigurationReplicationConfiguration,
    EcrReplicationConfigurationReplicationConfigurationRule,
    EcrReplicationConfigurationReplicationConfigurationRuleDestination,
    EcrReplicationConfigurationReplicationConfigurationRuleRepositoryFilter,
)
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy
from constructs import Construct

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge, EdgeHolder
from modules.core.iam import Statement, policy_document
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.units import Units
from modules.core.wiring import holder
from modules.ml_platform.artifacts_settings import ImageSettings
from modules.ml_platform.image_caches import ImageCaches
from modules.ml_platform.image_lifecycle import expire
from modules.ml_platform.names import IMAGE_KEY, image_namespace, image_repository
from modules.ml_platform.user import PULL


class Images(Construct):
    """The ECR repositories `<organisation>-<environment>-ml/<name>`, and caches of other registries.

    `units` are those of the teams' accounts, None where no other account is served. `regions` are those to which images
    are replicated: repositories of the same name must stand there already, or ECR makes some without key and policy.
    `copied_by`: who copies what models run in to the central registry, with the edge.
    Images go to no other account by replication: that one is fit for production is decided, not copied.

    Guarantees:
    - a tag names one image for ever; images without a tag go after `untagged_days`;
    - every image of the registry, cached ones too, is scanned when it is pushed and while it is kept;
    - images are encrypted under a key of their own; who pulls needs no permission for it, as ECR works by grants;
    - the units of the teams' accounts pull, and nobody there pushes or deletes;
    - Terraform refuses to destroy a repository.

    Controls: CICD-07, CICD-08, CICD-09 (FSBP ECR.1, ECR.2, ECR.3, ECR.5; NIST 800-53 CM-2, RA-5, SI-7, SC-28).
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ImageSettings,
        boundary_arn: str,
        units: Units | None,
        pulls: Sequence[Edge],
        copied_by: tuple[ForeignRole, Edge] | None = None,
        regions: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._settings = naming, settings
        self._key_arn = Key(self, "key", naming=naming, purpose=IMAGE_KEY).arn
        pulled_by = [units.allow("UnitsPull", PULL)] if units else []
        copied = [_lets_copy(holder(self), copied_by)] if copied_by else []
        self._pulled_by = policy_document(*pulled_by, *copied) if pulled_by or copied else None
        for name in settings.repositories:
            self._repository(name)
        for edge in pulls:
            edge.render(holder(self), "repository")
        self._scan()
        if regions:
            self._replicate(regions)
        if settings.caches:
            ImageCaches(
                self,
                "caches",
                naming=naming,
                settings=settings,
                key_arn=self._key_arn,
                boundary_arn=boundary_arn,
                units=units,
                policy=policy_document(*pulled_by) if pulled_by else None,
            )

    def _repository(self, name: str) -> None:
        scope = Construct(self, name)
        repository = EcrRepository(
            scope,
            "repository",
            name=image_repository(self._naming, name),
            image_tag_mutability="IMMUTABLE",
            encryption_configuration=[
                EcrRepositoryEncryptionConfiguration(encryption_type="KMS", kms_key=self._key_arn)
            ],
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        ).name
        EcrLifecyclePolicy(
            scope, "retention", repository=repository, policy=expire("untagged", self._settings.untagged_days)
        )
        if self._pulled_by:
            EcrRepositoryPolicy(scope, "policy", repository=repository, policy=self._pulled_by)

    def _scan(self) -> None:
        """Of the whole registry, which is one in each account and region."""
        every = EcrRegistryScanningConfigurationRuleRepositoryFilter(filter="*", filter_type="WILDCARD")
        rule = EcrRegistryScanningConfigurationRule(scan_frequency="CONTINUOUS_SCAN", repository_filter=[every])
        EcrRegistryScanningConfiguration(self, "scanning", scan_type="ENHANCED", rule=[rule])

    def _replicate(self, regions: Sequence[str]) -> None:
        destinations = [
            EcrReplicationConfigurationReplicationConfigurationRuleDestination(
                region=region, registry_id=self._naming.account_id
            )
            for region in regions
        ]
        filters = [
            EcrReplicationConfigurationReplicationConfigurationRuleRepositoryFilter(
                filter=f"{image_namespace(self._naming)}/", filter_type="PREFIX_MATCH"
            )
        ]
        rule = EcrReplicationConfigurationReplicationConfigurationRule(
            destination=destinations, repository_filter=filters
        )
        EcrReplicationConfiguration(
            self,
            "replication",
            replication_configuration=EcrReplicationConfigurationReplicationConfiguration(rule=[rule]),
        )


def _lets_copy(holder: EdgeHolder, copied_by: tuple[ForeignRole, Edge]) -> Statement:
    role, edge = copied_by
    edge.render(holder, "repository")
    return Statement(
        "CentralRegistryCopies",
        actions=("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        principals=role.principals,
        conditions=role.conditions(),
    )
