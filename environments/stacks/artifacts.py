"""`<account>-artifacts`: artefacts, images, packages and events that teams share; abroad the images alone."""

from __future__ import annotations

from collections.abc import Sequence

from environments.lake import Desk
from environments.stacks.base import PlatformStack
from environments.stacks.drift import drift_reporters
from environments.stacks.model_sync import model_sync
from environments.stacks.org_units import units_of
from environments.workplaces import (
    ARTIFACT_WRITERS,
    announcing,
    copied_images,
    image_regions,
    image_registry,
    installing,
    packages_offered,
    pulling,
    release_account,
    served_by,
    teams_of,
    workers,
)
from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.core.units import Units
from modules.foundations.contract import AccessContract, BaselineContract
from modules.ml_platform.artifact_buckets import ArtifactBuckets, HandingOver
from modules.ml_platform.artifacts_settings import ArtifactsSettings
from modules.ml_platform.edges import ANNOUNCES, COPIES_IMAGES, HANDS_OVER, INSTALLS, PULLS
from modules.ml_platform.event_bus import EventBus
from modules.ml_platform.images import Images
from modules.ml_platform.packages import Packages
from modules.ml_use_case.names import role


class ArtifactsStack(PlatformStack):
    """What the teams that the account serves share, without their models."""

    def compose(self) -> None:
        """Place it, each part with its side of the ways of these teams."""
        settings = self.settings.ml_platform.artifacts
        self._images(settings)
        if not self.at_home:
            return
        here = self.place.account
        served = served_by(self.organization, here)
        ArtifactBuckets(
            self,
            "artifacts",
            naming=self.naming,
            settings=settings,
            units=self._units(served),
            teams={
                team: [self._handing_over(desk) for desk in served if desk.team.name == team]
                for team in teams_of(self.organization, here)
            },
        )
        if packages_offered(self.organization):
            users = installing(self.organization, here)
            Packages(
                self,
                "packages",
                naming=self.naming,
                settings=settings.packages,
                units=self._units(users),
                installs=[self.edge(INSTALLS, desk.name, here.name) for desk in users],
            )
        if here == release_account(self.organization):
            self._events(settings)

    def _events(self, settings: ArtifactsSettings) -> None:
        here = self.place.account
        speakers = announcing(self.organization, here)
        EventBus(
            self,
            "events",
            naming=self.naming,
            settings=settings.events,
            units=self._units(speakers),
            announces=[self.edge(ANNOUNCES, desk.name, here.name) for desk in speakers],
            log_key_arn=self.consume(BaselineContract).key_arns["account-logs"],
            reporters=list(drift_reporters(self)),
        )

    def _images(self, settings: ArtifactsSettings) -> None:
        here, region = self.place.account, self.place.region
        registry = image_registry(self.organization, here, region)
        users = pulling(self.organization, here, region)
        Images(
            self,
            "images",
            naming=self.naming,
            settings=settings.images,
            boundary_arn=self.consume(AccessContract).boundary_arn,
            units=self._units(users),
            pulls=[self.edge(PULLS, desk.name, registry) for desk in users],
            copied_by=self._copied_by() if self.at_home else None,
            regions=image_regions(self.organization, here)[1:] if self.at_home else (),
        )

    def _copied_by(self) -> tuple[ForeignRole, Edge] | None:
        here, registry = self.place.account, release_account(self.organization)
        if here not in copied_images(self.organization):
            return None
        return model_sync(self), self.edge(COPIES_IMAGES, registry.name, here.name)

    def _units(self, users: Sequence[Desk]) -> Units | None:
        return units_of(self, [desk.account for desk in users])

    def _handing_over(self, desk: Desk) -> HandingOver:
        naming, team = self.naming_of(desk.account), desk.team.name
        return HandingOver(
            account_id=naming.account_id,
            readers=tuple(naming.role_arn(role(team, what)) for what in workers(desk)),
            writers=tuple(naming.role_arn(role(team, what)) for what in ARTIFACT_WRITERS),
            edge=self.edge(HANDS_OVER, desk.name, self.place.account.name),
        )
