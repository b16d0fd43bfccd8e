"""What must hold across files. A rule is a function from the configuration to the problems it finds."""

from __future__ import annotations

from itertools import chain

from environments.configuration import Configuration
from environments.rules import accounts, identity, offboarding, organization, teams, units
from modules.core.errors import Problem


def broken(configuration: Configuration) -> list[Problem]:
    """The problems that all rules find."""
    parts = (organization, units, accounts, teams, offboarding, identity)
    return list(chain.from_iterable(rule(configuration) for part in parts for rule in part.RULES))
