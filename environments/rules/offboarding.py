"""Rules of leaving: where suspended accounts go, and that nobody builds on data that is given up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from environments.configuration import Configuration
from environments.messages import suggestion
from environments.units import resolve
from environments.vocabulary import OFFBOARDING, Offboarding
from environments.yaml_tree import Node, Path
from modules.core.errors import Problem

_UNIT = ("vending", "suspended_unit")


def _suspended_accounts_have_a_unit(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    if content.vending.suspended_unit is not None:
        return
    for declared in configuration.declared():
        if declared.offboarding in ("suspended", "closed"):
            message = f"is required: the account {declared.account.name} ({declared.place}) is {declared.offboarding}"
            yield tree.problem(_UNIT, f"{message}, so name a unit with guardrails: quarantine")
            return


def _the_unit_is_a_quarantine(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    key = content.vending.suspended_unit
    if key is None:
        return
    if key not in content.units:
        yield tree.problem(_UNIT, f"names the unknown unit {key}{suggestion(key, content.units)}")
    elif (level := resolve(key, content.units).guardrails) != "quarantine":
        message = "must name a unit with guardrails: quarantine, in which an account can do nothing"
        yield tree.problem(_UNIT, f"{message} (got {key}, which is {level})")


def _nobody_builds_on_data_that_is_given_up(configuration: Configuration) -> Iterator[Problem]:
    leaving = {domain.content.domain: domain.content.offboarding for domain in configuration.domains}
    for team in configuration.teams:
        consumed = {name: ("consumes", name) for name in team.content.consumes}
        yield from _left_behind(team.tree, consumed, team.content.offboarding, leaving)
    for domain in configuration.domains:
        content = domain.content
        sources = {name: ("derived_from", place) for place, name in enumerate(content.derived_from)}
        yield from _left_behind(domain.tree, sources, content.offboarding, leaving)


def _left_behind(
    tree: Node, named: Mapping[str, Path], own: Offboarding | None, leaving: Mapping[str, Offboarding | None]
) -> Iterator[Problem]:
    """Of the data domains that are `named`, those that are further on their way out than the one that names them."""
    for name, path in named.items():
        if _distance(stage := leaving.get(name)) > _distance(own):
            message = f"must not name the data domain {name}, which is {stage}"
            yield tree.problem(path, f"{message}: remove it here before the domain goes that far")


def _distance(stage: Offboarding | None) -> int:
    return 0 if stage is None else OFFBOARDING.index(stage) + 1


RULES = (
    _suspended_accounts_have_a_unit,
    _the_unit_is_a_quarantine,
    _nobody_builds_on_data_that_is_given_up,
)
