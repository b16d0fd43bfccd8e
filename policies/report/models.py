"""Which models the organisation registers, from their cards in the synthesised stacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.document import Conf
from policies.model_card import card_of

CARDS = "aws_cloudcontrolapi_resource"
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Registration:
    """A model's group and card in one account; both go by `name`, and the stack makes both."""

    stack: str
    name: str


@dataclass(frozen=True, slots=True)
class Model:
    """A project's model, as its card begins. `registrations` are those of all registries, by stack."""

    project: str
    team: str
    owner: str
    purpose: str
    risk: str
    gate: str
    template: str
    registrations: tuple[Registration, ...]


def registered(documents: Mapping[str, Json]) -> tuple[Model, ...]:
    """The models in these stacks (id -> Terraform JSON), by team and project.

    Raises KeyError for a card that does not say what ours say: it is not of this platform.
    """
    found: dict[tuple[str, str], list[tuple[Registration, Conf]]] = {}
    for stack in sorted(documents):
        for card in _cards(documents[stack]):
            details = _one(card, "Content.AdditionalInformation.CustomDetails")
            key = (details["team"], details["project"])
            found.setdefault(key, []).append((Registration(stack, card.body["ModelCardName"]), card))
    return tuple(_model(team, project, found[team, project]) for team, project in sorted(found))


def _cards(document: Json) -> Iterator[Conf]:
    for name, body in sorted(document.get("resource", {}).get(CARDS, {}).items()):
        card = card_of(Conf(body, f"{CARDS}.{name}"))
        if card is not None:
            yield card


def _model(team: str, project: str, registered: Sequence[tuple[Registration, Conf]]) -> Model:
    card = registered[0][1]
    details = _one(card, "Content.AdditionalInformation.CustomDetails")
    uses, overview = _one(card, "Content.IntendedUses"), _one(card, "Content.ModelOverview")
    return Model(
        project=project,
        team=team,
        owner=overview["ModelOwner"],
        purpose=uses["PurposeOfModel"],
        risk=uses["RiskRating"],
        gate=details["gate"],
        template=details["template"],
        registrations=tuple(registration for registration, _ in registered),
    )


def _one(card: Conf, path: str) -> Mapping[str, Any]:
    (block,) = card.at(path)
    return block.body
