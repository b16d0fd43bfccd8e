"""Organisational units with what they inherit from the units above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from environments.files import UnitEntry
from environments.model import Unit
from environments.vocabulary import GUARDRAILS, Guardrails

DEFAULT_GUARDRAILS: Guardrails = "standard"


def lineage(key: str, units: Mapping[str, UnitEntry]) -> tuple[str, ...]:
    """The unit and those above it, from the bottom up; ends where a parent is unknown or met already."""
    line: list[str] = []
    current: str | None = key
    while current is not None and current in units and current not in line:
        line.append(current)
        current = units[current].parent
    return tuple(line)


def resolve(key: str, units: Mapping[str, UnitEntry]) -> Unit:
    """The unit, with kind and guardrails from the nearest unit that states them."""
    above = [units[name] for name in lineage(key, units)]
    return Unit(
        key=key,
        name=units[key].name,
        parent=units[key].parent,
        kind=next((unit.kind for unit in above if unit.kind), None),
        guardrails=next((unit.guardrails for unit in above if unit.guardrails), DEFAULT_GUARDRAILS),
    )


def added_levels(unit: Unit, units: Iterable[Unit]) -> tuple[Guardrails, ...]:
    """The guardrail levels that the unit adds to those of its parent, from the loosest.

    A level holds what it adds to the levels before it, so a unit carries all levels up to its own;
    AWS hands down those that its parent carries.
    """
    parents = {parent.key: parent for parent in units}
    inherited = GUARDRAILS.index(parents[unit.parent].guardrails) + 1 if unit.parent else 0
    return GUARDRAILS[inherited : GUARDRAILS.index(unit.guardrails) + 1]


def changed_levels(units: Sequence[Unit]) -> dict[str, Guardrails]:
    """The level of each unit that has another than the unit above it; above the topmost stands the default."""
    levels = {unit.key: unit.guardrails for unit in units}
    above = {unit.key: levels[unit.parent] if unit.parent else DEFAULT_GUARDRAILS for unit in units}
    return {key: level for key, level in levels.items() if level != above[key]}
