"""What must hold across files. A rule is a function from the configuration to the problems it finds."""

from __future__ import annotations

from itertools import chain

from environments.configuration import Configuration
from environments.rules import (
    accounts,
    config,
    feature_lock,
    features,
    identity,
    lake,
    landing_zone,
    network,
    offboarding,
    organization,
    projects,
    studio,
    teams,
    units,
)
from modules.core.errors import Problem

PARTS = (
    organization,
    landing_zone,
    units,
    accounts,
    network,
    teams,
    lake,
    offboarding,
    identity,
    config,
    features,
    projects,
    studio,
)


def broken(configuration: Configuration, *, locked: bool = True) -> list[Problem]:
    """The problems that all rules find; without `locked`, that of the feature lock is left out."""
    parts = (*PARTS, feature_lock) if locked else PARTS
    return list(chain.from_iterable(rule(configuration) for part in parts for rule in part.RULES))
