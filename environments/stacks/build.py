"""`<account>-build`: the repository and the pipeline in which a project's model is built."""

from __future__ import annotations

from environments.datasets import dataset
from environments.lake import Desk, desks
from environments.model import Account
from environments.ownership import stack_tags
from environments.project import Project
from environments.stacks.base import PlatformStack
from environments.stacks.drift import hear_of_drift
from environments.stacks.model_sync import model_sync
from environments.workplaces import packages_offered, project_name, release_account, serving_account
from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.core.naming import Naming
from modules.foundations.contract import AccessContract, BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_platform.edges import COPIES_MODELS
from modules.ml_platform.names import PACKAGE_REPOSITORY, model_group, package_domain
from modules.ml_platform.user import installs
from modules.ml_use_case.build import Build
from modules.ml_use_case.names import role


class BuildStack(PlatformStack):
    """One project of a team, in the team's dev account."""

    def compose(self) -> None:
        """Place its build. Where the central registry stands in the same account, it has the group already."""
        project, desk = self._project, self._desk
        team, shared = desk.team, serving_account(self.organization, desk)
        there, registry = self.naming_of(shared), release_account(self.organization)
        away = registry != self.place.account
        owner = project.owner or team.owner
        packages = _packages(there) if packages_offered(self.organization) else {}
        Build(
            self,
            "build",
            naming=self.naming,
            settings=self.settings.ml_use_case.build,
            project=project,
            owner=owner,
            dataset=dataset(self.organization, desk, self.naming, project),
            model_group=model_group(team.name, project.project),
            people=[role(team.name, "data-scientist"), role(team.name, "ml-engineer")],
            jobs=role(team.name, "pipeline"),
            tags=stack_tags(self.organization, self.place),  # jobs cost what the project costs
            network=self.consume(SpokeContract),
            keys=self.consume(BaselineContract),
            boundary_arn=self.consume(AccessContract).boundary_arn,
            install=tuple(installs(self, None, shared=there)) if packages else (),
            packages=packages,
            reader=self._reader(registry, project) if away else None,
            registered_here=away,
        )
        hear_of_drift(self, project, owner)

    def _reader(self, registry: Account, project: Project) -> tuple[ForeignRole, Edge]:
        return model_sync(self), self.edge(COPIES_MODELS, registry.name, project_name(project))

    @property
    def _project(self) -> Project:
        return next(each for each in self.organization.projects if each.project == self.place.subject)

    @property
    def _desk(self) -> Desk:
        here, team = self.place.account, self._project.team
        return next(each for each in desks(self.organization) if (each.team.name, each.account) == (team, here))


def _packages(there: Naming) -> dict[str, str]:
    """From where packages are installed. The way is that of the team's account, whose policies admit all of it."""
    return {
        "CODEARTIFACT_DOMAIN": package_domain(there),
        "CODEARTIFACT_OWNER": there.account_id,
        "CODEARTIFACT_REPOSITORY": PACKAGE_REPOSITORY,
    }
