"""`<account>-release`: the pipeline that brings a project's model to test and production."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from environments.lake import Desk
from environments.project import Project
from environments.stacks.base import PlatformStack
from environments.stacks.drift import answer_drift
from environments.workplaces import project_name, served_at, serving_desks
from modules.core.handshake import Edge, EdgeKind
from modules.core.iam import Statement
from modules.foundations.contract import AccessContract, BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations import names, passport_demands, passport_permissions
from modules.ml_operations.aws_registries import AWS_REGISTRIES
from modules.ml_operations.edges import DEPLOYS, KEEPS_STATE
from modules.ml_operations.model_release import ModelRelease
from modules.ml_operations.passport_demands import JudgedModel
from modules.ml_operations.passport_permissions import CentralVersions
from modules.ml_operations.release_permissions import CentralModel
from modules.ml_operations.release_stages import ReleasePlace
from modules.ml_platform.names import (
    ARTIFACT_BUCKET,
    ARTIFACT_KEY,
    MODEL_BUCKET,
    MODEL_KEY,
    image_repository,
    model_files,
    model_group_arns,
    model_group_name,
)


class ReleaseStack(PlatformStack):
    """One project's model, in the one account from which models are released."""

    def compose(self) -> None:
        """Place its pipeline."""
        project, settings = self._project, self.settings.ml_operations
        places = [self._place(project, desk) for desk in serving_desks(self.organization, project)]
        ModelRelease(
            self,
            "release",
            naming=self.naming,
            settings=settings.release,
            project=project.project,
            team=project.team,
            approver=self.organization.team(project.team).owner,
            model=self._model(project),
            places=places,
            external_id=self.organization.delivery.external_id,
            network=self.consume(SpokeContract),
            keys=self.consume(BaselineContract),
            boundary_arn=self.consume(AccessContract).boundary_arn,
            passport=self._passport(project, tested=any(place.stage == "test" for place in places)),
            sees_passport=passport_permissions.reads(self.naming, project.project),
        )
        answer_drift(self)

    @property
    def _project(self) -> Project:
        return next(each for each in self.organization.projects if each.project == self.place.subject)

    def _model(self, project: Project) -> CentralModel:
        group_arn, versions_arn = model_group_arns(self.naming, project.team, project.project)
        return CentralModel(
            target=project.target,
            group_arn=group_arn,
            versions_arn=versions_arn,
            bucket=self.naming.bucket(MODEL_BUCKET),
            files=f"{model_files(project.team)}{project.project}/",
            key_alias=f"alias/{self.naming.name(MODEL_KEY)}",
            tools=self.naming.bucket(ARTIFACT_BUCKET),
            tools_key_alias=f"alias/{self.naming.name(ARTIFACT_KEY)}",
        )

    def _place(self, project: Project, desk: Desk) -> ReleasePlace:
        served, name = served_at(project, desk), project_name(project)
        serving = next(
            node
            for node in self.graph.nodes.values()
            if (node.stack, node.subject, node.account) == ("serving", project.project, desk.account)
        )
        keeper = self.naming_of(self.organization.management)
        return ReleasePlace(
            served=served,
            naming=self.naming_of(desk.account),
            keeper_arn=keeper.role_arn(names.state_access(project.project, served.stage)),
            deploys=self._way(DEPLOYS, name, desk.account.name),
            keeps_state=self._way(KEEPS_STATE, name, serving.id),
        )

    def _way(self, kind: EdgeKind, source: str, target: str) -> Edge | None:
        """The way there; None within one account."""
        edge = Edge(kind, source, target)
        return edge if (edge, "builds") in self.graph.sides(self.place) else None

    def _passport(self, project: Project, *, tested: bool) -> tuple[Sequence[Statement], Mapping[str, str]]:
        trusted = self.settings.ml_operations.promotion.trusted_registries
        publishers = (*AWS_REGISTRIES.get(self.naming.region, ()), *trusted)
        model = JudgedModel(
            project=project.project,
            team=project.team,
            risk=project.risk,
            metric=project.gate.metric,
            at_least=project.gate.at_least,
            at_most=project.gate.at_most,
            facets=tuple(sorted(project.facets)),
            queried=project.data.published is not None,
            features=tuple(sorted(project.features)),
            tested=tested,
        )
        return tuple(self._evidence(project)), passport_demands.environment(
            self.naming, model, self.settings.ml_operations.passport, publishers
        )

    def _evidence(self, project: Project) -> Iterator[Statement]:
        versions = CentralVersions(
            group=model_group_name(self.naming, project.team, project.project),
            bucket_arn=self.naming.bucket_arn(MODEL_BUCKET),
            prefix=f"{model_files(project.team)}{project.project}/",
            key_alias=f"alias/{self.naming.name(MODEL_KEY)}",
            repositories=self.naming.arn("ecr", f"repository/{image_repository(self.naming, '*')}"),
        )
        yield from passport_permissions.issues(self.naming, project.project, versions)
