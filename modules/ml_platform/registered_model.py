"""What the central registry is told of a project's model, and of who finds it. No cdktf here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from modules.core.handshake import Edge
from modules.core.iam import Statement

Risk = Literal["High", "Low", "Medium", "Unknown"]  # as SageMaker's model cards spell it


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """One project's model. `gate` is what a version must reach to be registered, such as `roc_auc at least 0.85`.

    `places` are the accounts in which it is served, none where it is not, or no more.
    """

    project: str
    team: str
    owner: str
    line_of_business: str
    description: str
    intended_use: str
    risk: Risk
    template: str
    metric: str
    gate: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelReader:
    """A team at work in another account: `role_arns` of its jobs and endpoints, `edge` FINDS_MODELS to the registry.

    `beside` are ways of single roles among them, which have the sides `bucket` and `key`, too.
    """

    team: str
    account: str
    account_id: str
    role_arns: tuple[str, ...]
    edge: Edge
    beside: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleasesTable:
    """The DynamoDB table that says which version is live in which account, and what its readers are allowed."""

    name: str
    statements: Sequence[Statement]
