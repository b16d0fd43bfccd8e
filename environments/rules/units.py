"""Rules of the tree of organisational units."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration
from environments.messages import suggestion
from environments.rules.cycles import cycles
from environments.units import lineage
from environments.vocabulary import GUARDRAILS
from modules.core.errors import Problem

_DEEPEST = 5


def _parents_exist(configuration: Configuration) -> Iterator[Problem]:
    units, tree = configuration.organization.content.units, configuration.organization.tree
    for key, unit in units.items():
        if unit.parent is not None and unit.parent not in units:
            message = f"names the unknown unit {unit.parent}{suggestion(unit.parent, units)}"
            yield tree.problem(("units", key, "parent"), message)


def _parents_form_a_tree(configuration: Configuration) -> Iterator[Problem]:
    units, tree = configuration.organization.content.units, configuration.organization.tree
    parents = {key: (unit.parent,) if unit.parent in units else () for key, unit in units.items()}
    for ring in cycles(parents):
        yield tree.problem(("units", ring[0], "parent"), f"is part of a cycle: {' -> '.join(ring)}")


def _depth_is_within_the_quota(configuration: Configuration) -> Iterator[Problem]:
    units, tree = configuration.organization.content.units, configuration.organization.tree
    for key in units:
        if (depth := len(lineage(key, units))) > _DEEPEST:
            message = f"stands {depth} levels below the root, and AWS allows {_DEEPEST}"
            yield tree.problem(("units", key, "parent"), message)


def _siblings_have_different_names(configuration: Configuration) -> Iterator[Problem]:
    units, tree = configuration.organization.content.units, configuration.organization.tree
    taken: dict[tuple[str | None, str], str] = {}
    for key, unit in units.items():
        first = taken.setdefault((unit.parent, unit.name), key)
        if first != key:
            message = f"has the name of the unit {first} under the same parent (got {unit.name})"
            yield tree.problem(("units", key, "name"), message)


def _guardrails_are_not_loosened(configuration: Configuration) -> Iterator[Problem]:
    units, tree = configuration.organization.content.units, configuration.organization.tree
    for key, unit in units.items():
        if unit.guardrails is None:
            continue
        above = [name for name in lineage(key, units)[1:] if units[name].guardrails]
        inherited = units[above[0]].guardrails if above else None
        if inherited and GUARDRAILS.index(unit.guardrails) < GUARDRAILS.index(inherited):
            message = f"must not be looser than {inherited} of the unit {above[0]} above, whose policies apply here too"
            yield tree.problem(("units", key, "guardrails"), f"{message} (got {unit.guardrails})")


RULES = (
    _parents_exist,
    _parents_form_a_tree,
    _depth_is_within_the_quota,
    _siblings_have_different_names,
    _guardrails_are_not_loosened,
)
