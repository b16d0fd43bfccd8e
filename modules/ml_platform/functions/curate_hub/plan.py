"""What must be done so that a hub refers to the wanted models and to no others. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

MODELS = "models.json"  # generated beside this file: the names of the wanted models


@dataclass(frozen=True, slots=True)
class Plan:
    """The names of the models to refer to, and of the references to take away, each sorted."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


def plan(wanted: Collection[str], there: Collection[str]) -> Plan:
    """The difference. What was added by hand goes, as a hub is only worth what its list is."""
    return Plan(tuple(sorted(set(wanted) - set(there))), tuple(sorted(set(there) - set(wanted))))


def public_arn(partition: str, region: str, model: str) -> str:
    """The ARN of a model in the public hub of SageMaker JumpStart."""
    return f"arn:{partition}:sagemaker:{region}:aws:hub-content/SageMakerPublicHub/Model/{model}"
