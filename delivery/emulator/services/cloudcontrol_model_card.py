"""The type `AWS::SageMaker::ModelCard` of Cloud Control: the same cards as SageMaker's own operations know."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from moto.sagemaker.models import sagemaker_backends

from delivery.emulator.resource_types import Properties, ResourceType
from delivery.emulator.service import Call

_STATUSES = ("Draft", "PendingReview", "Approved", "Archived")
_SECTIONS = {
    "AdditionalInformation",
    "BusinessDetails",
    "EvaluationDetails",
    "IntendedUses",
    "ModelOverview",
    "ModelPackageDetails",
    "TrainingDetails",
}


def _spelt(value: Any, spell: Callable[[str], str]) -> Any:
    """The content with its keys spelt anew; those of custom details are the user's own."""
    if isinstance(value, list):
        return [_spelt(each, spell) for each in value]
    if not isinstance(value, dict):
        return value
    free = ("CustomDetails", "custom_details")
    return {spell(key): each if key in free else _spelt(each, spell) for key, each in value.items()}


def _as_in_sagemaker(key: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower()


def _as_in_cloudformation(key: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in key.split("_"))


class Cards(MutableMapping[str, Properties]):
    """The newest versions of an account's cards in a region, by name; setting one makes a version."""

    def __init__(self, call: Call) -> None:
        self._sagemaker: Any = sagemaker_backends[call.account][call.region]

    def __getitem__(self, name: str) -> Properties:
        if name not in self:
            raise KeyError(name)
        card = self._sagemaker.model_cards[name][-1]
        found = {
            "ModelCardName": name,
            "ModelCardArn": card.arn,
            "ModelCardVersion": card.model_card_version,
            "ModelCardStatus": card.model_card_status,
            "Content": _spelt(json.loads(card.content), _as_in_cloudformation),
            "SecurityConfig": card.security_config,
            "Tags": card.tags,
        }
        return {key: value for key, value in found.items() if value}

    def __setitem__(self, name: str, properties: Properties) -> None:
        status = properties["ModelCardStatus"]
        content = json.dumps(_spelt(properties["Content"], _as_in_sagemaker), sort_keys=True)
        if name in self:
            if properties["Content"] != self[name]["Content"]:
                self._sagemaker.update_model_card(name, content, None)
            self._sagemaker.update_model_card(name, None, status)
            self._sagemaker.model_cards[name][-1].tags = properties.get("Tags")
        else:
            security, tags = properties.get("SecurityConfig"), properties.get("Tags")
            self._sagemaker.create_model_card(name, security, content, status, tags)

    def __delitem__(self, name: str) -> None:
        self._sagemaker.delete_model_card(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sagemaker.model_cards)

    def __len__(self) -> int:
        return len(self._sagemaker.model_cards)

    def __contains__(self, name: object) -> bool:
        return name in self._sagemaker.model_cards


def _faults(call: Call, properties: Properties) -> Iterator[str]:
    if properties["ModelCardStatus"] not in _STATUSES:
        yield f"{properties['ModelCardStatus']} is no status of a model card"
    if unknown := sorted(set(properties["Content"]) - _SECTIONS):
        yield f"a model card has no section {', '.join(unknown)}"


MODEL_CARD = ResourceType(
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-modelcard.html
    schema={
        "typeName": "AWS::SageMaker::ModelCard",
        "description": "What is to be known of a model",
        "additionalProperties": False,
        "properties": {
            "Content": {"type": "object"},
            "ModelCardArn": {"type": "string"},
            "ModelCardName": {"type": "string"},
            "ModelCardStatus": {"type": "string", "enum": list(_STATUSES)},
            "ModelCardVersion": {"type": "integer"},
            "SecurityConfig": {"type": "object"},
            "Tags": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["ModelCardName", "ModelCardStatus", "Content"],
        "readOnlyProperties": ["/properties/ModelCardArn", "/properties/ModelCardVersion"],
        "createOnlyProperties": ["/properties/ModelCardName", "/properties/SecurityConfig"],
        "primaryIdentifier": ["/properties/ModelCardName"],
    },
    check=_faults,
    read_only=lambda call, properties: {},
    kept=lambda call, name: Cards(call),
)
