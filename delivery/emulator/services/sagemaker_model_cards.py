"""SageMaker's model cards, which moto keeps: what a change leaves as it is, and their export."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from moto.sagemaker.models import FakeModelCard, SageMakerModelBackend, sagemaker_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.services.sagemaker_models import write
from delivery.emulator.services.sagemaker_resources import selected, shown, summaries

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


class _Versions(list[FakeModelCard]):
    """A card's versions, which are one resource to whom asks for what is tagged."""

    @property
    def arn(self) -> str:
        return str(self[-1].arn)

    @property
    def tags(self) -> list[dict[str, str]]:
        return [*(self[-1].tags or ())]


@SERVICE.mend
def list_cards_among_what_is_tagged() -> None:
    """moto's Resource Groups Tagging API asks a card's list of versions for its ARN, and ends there."""
    begin = SageMakerModelBackend.__init__

    def init(self: Any, region_name: str, account_id: str) -> None:
        begin(self, region_name=region_name, account_id=account_id)
        self.model_cards = defaultdict(_Versions)

    SageMakerModelBackend.__init__ = init


@SERVICE.operation("CreateModelCardExportJob")
def export(call: Call) -> Answer:
    """The job is over at once; in its object lies the card's content, where SageMaker prints a PDF."""
    given, jobs = call.params, call.table("model-card-export")
    versions = sagemaker_backends[call.account][call.region].model_cards.get(given["ModelCardName"], [])
    wanted = given.get("ModelCardVersion", len(versions))
    card = next((each for each in versions if each.model_card_version == wanted), None)
    if card is None:
        raise AwsError("ResourceNotFound", f"there is no version {wanted} of the card {given['ModelCardName']}")
    arn = f"{card.arn}/export-job/{given['ModelCardExportJobName']}"
    if arn in jobs:
        raise AwsError("ConflictException", f"{arn} exists already")
    place = f"{given['OutputConfig']['S3OutputPath'].rstrip('/')}/{given['ModelCardExportJobName']}.pdf"
    write(place, card.content.encode())
    now = datetime.now(UTC)
    jobs[arn] = {
        **given,
        "ModelCardExportJobArn": arn,
        "ModelCardVersion": wanted,
        "Status": "Completed",
        "CreatedAt": now,
        "LastModifiedAt": now,
        "ExportArtifacts": {"S3ExportArtifacts": place},
    }
    return {"ModelCardExportJobArn": arn}


@SERVICE.operation("DescribeModelCardExportJob")
def describe_export(call: Call) -> Answer:
    found = call.table("model-card-export").get(call.params["ModelCardExportJobArn"])
    if found is None:
        raise AwsError("ResourceNotFound", f"there is no {call.params['ModelCardExportJobArn']}")
    return shown(call, found)


@SERVICE.operation("ListModelCardExportJobs")
def list_exports(call: Call) -> Answer:
    members = ("ModelCardName", "ModelCardVersion")
    jobs = call.table("model-card-export").values()
    found = [each for each in jobs if all(call.params.get(name) in (None, each[name]) for name in members)]
    return summaries(call, selected(call, found, "ModelCardExportJobName", within=members))
