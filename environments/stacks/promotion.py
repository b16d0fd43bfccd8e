"""`<account>-promotion`: central copies of approved models, their cards, and what starts their release."""

from __future__ import annotations

from collections.abc import Iterator

from environments.project import Project
from environments.stacks.base import PlatformStack
from environments.workplaces import (
    MODEL_FILES_KEY,
    announcing,
    copied_images,
    copied_projects,
    project_name,
    registered_projects,
    served_projects,
    serving_desks,
    studios,
)
from modules.foundations.contract import AccessContract
from modules.ml_operations.decisions import Decisions
from modules.ml_operations.model_promotion import ModelPromotion
from modules.ml_operations.names import endpoint, pipeline
from modules.ml_operations.passports import Passports
from modules.ml_operations.promotion_sources import Central, ImageSource, ModelSource, Sources
from modules.ml_operations.release_key import ReleaseKey
from modules.ml_operations.released_model import Folder, ReleasedModel
from modules.ml_platform.edges import COPIES_IMAGES, COPIES_MODELS
from modules.ml_platform.names import (
    CARD_EXPORTS,
    EVENT_BUS,
    MODEL_BUCKET,
    MODEL_KEY,
    MODEL_SYNC,
    image_namespace,
    model_group_name,
)
from modules.ml_use_case.names import PROJECT_BUCKETS, RUNS


class PromotionStack(PlatformStack):
    """What the releasing account does about models on their way to production, whosever they are."""

    def compose(self) -> None:
        """Place what copies them, what follows when they are approved here, and where the evidence is kept.

        Where all models are built in this very account, there is nothing to copy.
        """
        key_arn = ReleaseKey(self, "key", naming=self.naming).arn
        boundary_arn = self.consume(AccessContract).boundary_arn
        operators = self.organization.contacts.operations.email
        models = list(self._models())
        if models:
            ModelPromotion(
                self,
                "promotion",
                naming=self.naming,
                settings=self.settings.ml_operations.promotion,
                central=self._central(),
                sources=Sources(models, list(self._images()), buckets=PROJECT_BUCKETS, key=MODEL_FILES_KEY),
                operators=operators,
                key_arn=key_arn,
                boundary_arn=boundary_arn,
            )
        Decisions(
            self,
            "decisions",
            naming=self.naming,
            models=[self._released(each) for each in registered_projects(self.organization, self.place.account)],
            reports=self._reports(),
            exports=Folder(MODEL_BUCKET, CARD_EXPORTS, MODEL_KEY),
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            operators=operators,
        )
        Passports(
            self,
            "passports",
            naming=self.naming,
            settings=self.settings.ml_operations.passport,
            boundary_arn=boundary_arn,
        )

    def _central(self) -> Central:
        naming = self.naming
        return Central(
            role=MODEL_SYNC,
            bus=naming.name(EVENT_BUS),
            bucket=naming.bucket(MODEL_BUCKET),
            key_alias=naming.name(MODEL_KEY),
            groups=f"{naming.organization}-{naming.environment}",
            images=f"{image_namespace(naming)}/",
        )

    def _models(self) -> Iterator[ModelSource]:
        here = self.place.account
        found = {desk.account.name: desk.account for desk in announcing(self.organization, here)}
        for account in (found[name] for name in sorted(found)):
            if projects := copied_projects(self.organization, account):
                yield ModelSource(
                    naming=self.naming_of(account),
                    projects={
                        team: [each.project for each in projects if each.team == team]
                        for team in sorted({project.team for project in projects})
                    },
                    edges=[self.edge(COPIES_MODELS, here.name, project_name(project)) for project in projects],
                )

    def _images(self) -> Iterator[ImageSource]:
        for account in copied_images(self.organization):
            naming = self.naming_of(account)
            edge = self.edge(COPIES_IMAGES, self.place.account.name, account.name)
            yield ImageSource(naming, f"{image_namespace(naming)}/", edge)

    def _released(self, project: Project) -> ReleasedModel:
        name, served = project.project, project in served_projects(self.organization)
        what = "batch transform" if project.serving and project.serving.mode == "batch" else "endpoint"
        return ReleasedModel(
            group=model_group_name(self.naming, project.team, name),
            project=name,
            facets=bool(project.facets),
            ended=project.ended and not served,
            pipeline=pipeline(self.naming, name) if served else "",
            places={
                desk.account.name: f"{what} {endpoint(self.naming_of(desk.account), name)}"
                for desk in serving_desks(self.organization, project)
            },
        )

    def _reports(self) -> list[Folder]:
        """Of copies, in the central bucket; of models that are built in this very account, where their jobs wrote."""
        central = Folder(MODEL_BUCKET, "models/", MODEL_KEY)
        built_here = any(desk.account == self.place.account for desk in studios(self.organization))
        return [central, Folder(f"{PROJECT_BUCKETS}*", RUNS, MODEL_FILES_KEY)] if built_here else [central]
