"""What must hold across files. A rule is a function from the configuration to the problems it finds."""

from __future__ import annotations

from itertools import chain

from environments.configuration import Configuration
from environments.rules import (
    accounts,
    config,
    identity,
    lake,
    landing_zone,
    network,
    offboarding,
    organization,
    teams,
    units,
)
from modules.core.errors import Problem

PARTS = (organization, landing_zone, units, accounts, network, teams, lake, offboarding, identity, config)


def broken(configuration: Configuration) -> list[Problem]:
    """The problems that all rules find."""
    return list(chain.from_iterable(rule(configuration) for part in PARTS for rule in part.RULES))
