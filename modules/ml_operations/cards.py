"""Versions of a model card, and which version of the model each describes. No cdktf and no boto3 here.

A project has one card. Each time a version of its model is registered or decided on, the card gets a version that
describes it: what was approved stays readable beside what was registered since.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MOST = 100  # versions of a card in which one is looked for: each is a call


@dataclass(frozen=True, slots=True)
class CardVersion:
    """One version of a card: its content by SageMaker's schema of cards, and the status that it has."""

    number: int
    status: str
    content: dict[str, Any]

    @property
    def describes(self) -> str | None:
        """The ARN of the model package that it describes; None where it speaks of the project alone."""
        found: str | None = self.content.get("model_package_details", {}).get("model_package_arn")
        return found


def newest(sagemaker: Any, card: str) -> CardVersion:
    """The newest version of the card."""
    return _version(sagemaker.describe_model_card(ModelCardName=card))


def describing(sagemaker: Any, card: str, arn: str) -> CardVersion | None:
    """The newest version of the card that describes the model package `arn`; None where none of the last 100 does."""
    pages = sagemaker.get_paginator("list_model_card_versions").paginate(ModelCardName=card)
    numbers = [each["ModelCardVersion"] for page in pages for each in page["ModelCardVersionSummaryList"]]
    for number in sorted(numbers, reverse=True)[:MOST]:
        found = _version(sagemaker.describe_model_card(ModelCardName=card, ModelCardVersion=number))
        if found.describes == arn:
            return found
    return None


def _version(found: dict[str, Any]) -> CardVersion:
    return CardVersion(found["ModelCardVersion"], found["ModelCardStatus"], json.loads(found["Content"]))
