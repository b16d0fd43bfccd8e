"""SageMaker's model cards, which moto keeps: what a change leaves as it is."""

from __future__ import annotations

from typing import Any

from moto.sagemaker.models import SageMakerModelBackend

from delivery.emulator.service import Service
from delivery.emulator.services.sagemaker_feature_groups import refuse

SERVICE = Service("sagemaker")


@SERVICE.mend
def change_one_thing() -> None:
    """A change is of the content, which makes a version, or of the status, which makes none; what is not given stays.

    moto makes a version of every change and forgets what is not given.
    """
    make_version = SageMakerModelBackend.update_model_card

    def update_model_card(self: Any, model_card_name: str, content: str | None, model_card_status: str | None) -> Any:
        if content is not None and model_card_status is not None:
            raise refuse("a change is of the content or of the status, not of both")
        versions = self.model_cards.get(model_card_name)
        if not versions or content is not None:
            status = versions[-1].model_card_status if versions else None
            return make_version(self, model_card_name, content, status)
        versions[-1].model_card_status = model_card_status
        return versions[-1].arn

    SageMakerModelBackend.update_model_card = update_model_card
