"""`<account>-promotion`: central copies of approved models, their cards, and what starts their release."""

from __future__ import annotations

from collections.abc import Iterator

from environments.stacks.base import PlatformStack
from environments.workplaces import MODEL_FILES_KEY, announcing, copied_images, copied_projects, project_name
from modules.foundations.contract import AccessContract
<<<<<<< HEAD
from modules.ml_operations.decisions import Decisions
from modules.ml_operations.names import endpoint, pipeline
from modules.ml_operations.passports import Passports
=======
from modules.ml_operations.model_promotion import ModelPromotion
from modules.ml_operations.promotion_sources import Central, ImageSource, ModelSource, Sources
>>>>>>> f551ebd10c1e0dae5bab26fbbf4e45ef64057b88
from modules.ml_operations.release_key import ReleaseKey
from modules.ml_platform.edges import COPIES_IMAGES, COPIES_MODELS
from modules.ml_platform.names import EVENT_BUS, MODEL_BUCKET, MODEL_KEY, MODEL_SYNC, image_namespace
from modules.ml_use_case.names import PROJECT_BUCKETS


class PromotionStack(PlatformStack):
    """What the releasing account does about models on their way to production, whosever they are."""

    def compose(self) -> None:
<<<<<<< HEAD
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
=======
        """Place what copies them. Where all models are built in this very account, there is nothing to copy."""
        key_arn = ReleaseKey(self, "key", naming=self.naming).arn
        boundary_arn = self.consume(AccessContract).boundary_arn
        models = list(self._models())
        if models:
            ModelPromotion(
                self,
                "promotion",
                naming=self.naming,
                settings=self.settings.ml_operations.promotion,
                central=self._central(),
                sources=Sources(models, list(self._images()), buckets=PROJECT_BUCKETS, key=MODEL_FILES_KEY),
                operators=self.organization.contacts.operations.email,
                key_arn=key_arn,
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
>>>>>>> f551ebd10c1e0dae5bab26fbbf4e45ef64057b88
        )
        Passports(
            self,
            "passports",
            naming=self.naming,
            settings=self.settings.ml_operations.passport,
            boundary_arn=boundary_arn,
        )

    def _models(self) -> Iterator[ModelSource]:
        here = self.place.account
        found = {desk.account.name: desk.account for desk in announcing(self.organization, here)}
        for account in (found[name] for name in sorted(found)):
            if projects := copied_projects(self.organization, account):
                yield ModelSource(
                    naming=self.naming_of(account),
                    teams=sorted({project.team for project in projects}),
                    edges=[self.edge(COPIES_MODELS, here.name, project_name(project)) for project in projects],
                )

    def _images(self) -> Iterator[ImageSource]:
        for account in copied_images(self.organization):
            naming = self.naming_of(account)
            edge = self.edge(COPIES_IMAGES, self.place.account.name, account.name)
            yield ImageSource(naming, f"{image_namespace(naming)}/", edge)
