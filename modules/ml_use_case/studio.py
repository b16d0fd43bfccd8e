"""SageMaker Studio of a team in its dev account."""

from __future__ import annotations

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.naming import Naming
from modules.foundations.contract import AccessContract, BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_use_case.contract import StudioContract
from modules.ml_use_case.experiments import Experiments
from modules.ml_use_case.names import role, workspace
from modules.ml_use_case.studio_domain import StudioDomain
from modules.ml_use_case.studio_images import StudioImages
from modules.ml_use_case.studio_people import StudioPeople
from modules.ml_use_case.studio_scripts import PackageIndex, StudioScripts
from modules.ml_use_case.studio_settings import Offer, StudioSettings, TeamStudio


class Studio(Construct):
    """The domain, its people, their workspace, and the server of their experiments.

    Who works there works as a role that stands already: data and packages were granted to it before anybody signs in.
    `sso`: people come from Identity Center. `images_uri` is the central repository of Studio's images, `packages` the
    one that pip installs from, None where the organisation offers none.

    Guarantees: those of `StudioDomain`, `StudioPeople`, `StudioScripts`, `StudioImages` and `Experiments`, and
    - the workspace is encrypted, versioned and private, as every governed bucket.

    Controls: those of its parts, and DATA-02, DATA-03, DATA-08.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: StudioSettings,
        offer: Offer,
        team: str,
        studio: TeamStudio,
        sso: bool,
        images_uri: str,
        packages: PackageIndex | None,
        network: SpokeContract,
        keys: BaselineContract,
        access: AccessContract,
    ) -> None:
        super().__init__(scope, id_)
        bucket = Bucket(
            self,
            "workspace",
            naming=naming,
            what=workspace(team),
            key_arn=keys.key_arns["data"],
            retention=Retention(noncurrent_days=settings.keep_days),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=workspace(team)).name,
        )
        scripts = StudioScripts(self, "scripts", naming=naming, team=team, packages=packages) if packages else None
        images = StudioImages(
            self,
            "images",
            naming=naming,
            team=team,
            images=settings.images,
            repository_uri=images_uri,
            role_arn=naming.role_arn(role(team, "pipeline")),
        )
        domain = StudioDomain(
            self,
            "domain",
            naming=naming,
            settings=settings,
            offer=offer,
            team=team,
            sso=sso,
            role_arn=naming.role_arn(role(team, "data-scientist")),
            key_arn=keys.key_arns["domain"],
            network=network,
            scripts=scripts.arns if scripts else {},
            images=images.offered,
        )
        self.contract = StudioContract(domain_id=domain.id, domain_arn=domain.arn)
        StudioPeople(
            self,
            "people",
            naming=naming,
            spaces=settings.spaces,
            team=team,
            studio=studio,
            domain_id=domain.id,
            sso=sso,
        )
        if settings.experiments.enabled:
            Experiments(
                self,
                "experiments",
                naming=naming,
                settings=settings.experiments,
                team=team,
                bucket=bucket.name,
                bucket_arn=bucket.arn,
                key_arn=keys.key_arns["data"],
                boundary_arn=access.boundary_arn,
            )
