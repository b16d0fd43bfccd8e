"""`<account>-models`: the central model registry, model cards, the inventory and the private hub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from environments.lake import lake_accounts
from environments.project import Project
from environments.stacks.base import PlatformStack
from environments.stacks.checks import sampling
from environments.workplaces import (
    checked_here,
    has_hub,
    hub_users,
    registered_projects,
    registry_readers,
    release_account,
    serving_desks,
)
from modules.foundations.contract import AccessContract, BaselineContract, OrganizationContract
from modules.ml_operations import release_record
from modules.ml_operations.names import RELEASES, endpoint_check
from modules.ml_platform.edges import FINDS_MODELS, USES_HUB
from modules.ml_platform.model_alarms import ModelAlarms
from modules.ml_platform.model_hub import ModelHub
from modules.ml_platform.model_inventory import ModelInventory
from modules.ml_platform.model_registry import ModelRegistry
from modules.ml_platform.registered_model import ModelReader, RegisteredModel, ReleasesTable, Risk
from modules.ml_use_case.names import role
from modules.ml_use_case.project_settings import Risk as ProjectRisk
from modules.ml_use_case.studio_settings import ServiceRole

# Who reads models' files: jobs and endpoints, and no people.
FILE_READERS: tuple[ServiceRole, ...] = ("pipeline", "serving")
# As projects and as SageMaker's model cards spell it.
RISKS: Mapping[ProjectRisk, Risk] = {"high": "High", "low": "Low", "medium": "Medium"}


class ModelsStack(PlatformStack):
    """What one account ml-shared-services holds of all teams' models."""

    def compose(self) -> None:
        """Place registry and inventory, and the hub where it is wanted; who hears of them last."""
        settings, keys = self.settings.ml_platform.models, self.consume(BaselineContract).key_arns
        boundary_arn = self.consume(AccessContract).boundary_arn
        models = [self._model(project) for project in registered_projects(self.organization, self.place.account)]
        registry = ModelRegistry(
            self,
            "registry",
            naming=self.naming,
            settings=settings,
            models=models,
            readers=list(self._readers()),
            organization_id=self.consume(OrganizationContract).organization_id,
        )
        inventory = ModelInventory(
            self,
            "inventory",
            naming=self.naming,
            settings=settings.inventory,
            models=models,
            keep_results_days=self.settings.data_lake.athena.keep_results_days,
            key_arn=registry.key_arn,
            logs_key_arn=keys["account-logs"],
            boundary_arn=boundary_arn,
            governed=self.place.account in lake_accounts(self.organization),
            releases=self._releases(),
        )
        dead_letters = {"model-inventory": inventory.dead_letters}
        if has_hub(self.organization, self.place.account):
            users = hub_users(self.organization, self.place.account)
            hub = ModelHub(
                self,
                "hub",
                naming=self.naming,
                settings=settings.hub,
                bucket=registry.bucket,
                accounts={desk.account.name: self.account_id(desk.account) for desk in users},
                edges=[self.edge(USES_HUB, desk.name, self.place.account.name) for desk in users],
                key_arn=keys["account-logs"],
                boundary_arn=boundary_arn,
            )
            dead_letters |= hub.dead_letters
        ModelAlarms(
            self,
            "alarms",
            naming=self.naming,
            operators=self.organization.contacts.operations.email,
            owners={model.team: self.organization.team(model.team).owner for model in models},
            dead_letters=dead_letters,
            pending_days=settings.pending_days,
            key_arn=keys["messages"],
        )

    def _releases(self) -> ReleasesTable | None:
        if self.place.account != release_account(self.organization):
            return None
        statements = release_record.reads(self.naming, ("dynamodb:Scan",))
        return ReleasesTable(self.naming.name(RELEASES), statements)

    def _model(self, project: Project) -> RegisteredModel:
        team, gate = self.organization.team(project.team), project.gate
        bound = f"at least {gate.at_least:g}" if gate.at_least is not None else f"at most {gate.at_most:g}"
        return RegisteredModel(
            project=project.project,
            team=project.team,
            owner=project.owner or team.owner,
            line_of_business=team.line_of_business,
            description=project.description,
            intended_use=project.intended_use or project.description,
            risk=RISKS[project.risk],
            template=project.template,
            metric=gate.metric,
            gate=f"{gate.metric} {bound}",
            places=tuple(desk.account.name for desk in serving_desks(self.organization, project)),
        )

    def _readers(self) -> Iterator[ModelReader]:
        for desk in registry_readers(self.organization, self.place.account):
            naming, team = self.naming_of(desk.account), desk.team.name
            checked = checked_here(self.organization, desk)
            yield ModelReader(
                team=team,
                account=desk.account.name,
                account_id=naming.account_id,
                role_arns=(
                    *(naming.role_arn(role(team, what)) for what in FILE_READERS),
                    *(naming.role_arn(endpoint_check(project.project)) for project in checked),
                ),
                edge=self.edge(FINDS_MODELS, desk.name, self.place.account.name),
                beside=tuple(sampling(self, project, desk.account) for project in checked),
            )
