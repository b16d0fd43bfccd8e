"""Rules of AWS Config: what the settings name must be there, in the control catalogue or among the accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from environments.configuration import Configuration
from environments.messages import suggestion
from modules.core.errors import Problem
from modules.foundations.config.settings import ConfigSettings
from policies.catalogue import shipped

_Named = tuple[str, str, Iterable[tuple[str | int, str]], set[str]]


def _names_are_known(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content.foundations.config, configuration.organization.tree
    for key, what, names, known in _named(content, configuration):
        for place, name in names:
            if name not in known:
                yield tree.problem(("foundations", "config", key, place), f"{what} {name}{suggestion(name, known)}")


def _named(content: ConfigSettings, configuration: Configuration) -> Iterator[_Named]:
    """What each setting names: its key, the words of a fault, the names with their places, and what there is."""
    if content.excluded_accounts:
        accounts = {declared.account.name for declared in configuration.declared()}
        yield "excluded_accounts", "names the unknown account", enumerate(content.excluded_accounts), accounts
    if content.areas or content.without or content.parameters:
        controls = [control for control in shipped().controls.values() if control.detective]
        rules = {rule.name for control in controls for rule in control.detective}
        yield "without", "names the unknown rule", enumerate(content.without), rules
        yield "parameters", "names the unknown rule", ((name, name) for name in content.parameters), rules
        areas = {control.id.partition("-")[0] for control in controls}
        yield "areas", "names an area without rules:", enumerate(content.areas or ()), areas


RULES = (_names_are_known,)
