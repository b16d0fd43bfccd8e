"""`<account>-promotion`: central copies of approved models, their cards, and what starts their release."""

from __future__ import annotations

from environments.project import Project
from environments.stacks.base import PlatformStack
from environments.workplaces import registered_projects, served_projects, serving_desks, studios
from modules.foundations.contract import AccessContract
from modules.ml_operations.decisions import Decisions
from modules.ml_operations.names import endpoint, pipeline
from modules.ml_operations.passports import Passports
from modules.ml_operations.release_key import ReleaseKey
from modules.ml_operations.released_model import Folder, ReleasedModel
from modules.ml_platform.names import CARD_EXPORTS, MODEL_BUCKET, MODEL_KEY, model_group_name
from modules.ml_use_case.names import RUNS, project_bucket


class PromotionStack(PlatformStack):
    """What follows from approvals, in the one account from which models are released."""

    def compose(self) -> None:
        """Place what takes models, and what follows when they are approved here."""
        for contract in self.place.consumes:
            self.consume(contract)
        for edge, side in self.graph.sides(self.place):
            edge.render(self, side)
        boundary_arn = self.consume(AccessContract).boundary_arn
        key = ReleaseKey(self, "key", naming=self.naming)
        Decisions(
            self,
            "decisions",
            naming=self.naming,
            models=[self._model(each) for each in registered_projects(self.organization, self.place.account)],
            reports=self._reports(),
            exports=Folder(MODEL_BUCKET, CARD_EXPORTS, MODEL_KEY),
            key_arn=key.arn,
            boundary_arn=boundary_arn,
            operators=self.organization.contacts.operations.email,
        )
        Passports(
            self,
            "passports",
            naming=self.naming,
            settings=self.settings.ml_operations.passport,
            boundary_arn=boundary_arn,
        )

    def _model(self, project: Project) -> ReleasedModel:
        name, served = project.project, project in served_projects(self.organization)
        mode = "batch transform" if project.serving and project.serving.mode == "batch" else "endpoint"
        return ReleasedModel(
            group=model_group_name(self.naming, project.team, name),
            project=name,
            facets=bool(project.facets),
            ended=project.ended and not served,
            pipeline=pipeline(self.naming, name) if served else "",
            places={
                desk.account.name: f"{mode} {endpoint(self.naming_of(desk.account), name)}"
                for desk in serving_desks(self.organization, project)
            },
        )

    def _reports(self) -> list[Folder]:
        """Of copies, in the central bucket; of models that are built in this very account, where their jobs wrote."""
        central = Folder(MODEL_BUCKET, "models/", MODEL_KEY)
        built_here = any(desk.account == self.place.account for desk in studios(self.organization))
        return [central, Folder(project_bucket("*"), RUNS, "artifacts")] if built_here else [central]
