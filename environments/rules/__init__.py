"""What must hold across files. A rule is a function from the configuration to the problems it finds."""

from __future__ import annotations

from itertools import chain

from environments.configuration import Configuration
from environments.rules import (
    accounts,
    adoption,
    config,
    costs,
    feature_lock,
    features,
    identity,
    lake,
    landing_zone,
    names,
    network,
    offboarding,
    organization,
    pipelines,
    project_data,
    projects,
    releases,
    serving,
    stages,
    studio,
    teams,
    units,
)
from modules.core.errors import Problem

PARTS = (
    organization,
    pipelines,
    stages,
    landing_zone,
    units,
    accounts,
    adoption,
    names,
    network,
    teams,
    lake,
    offboarding,
    identity,
    config,
    features,
    projects,
    releases,
    serving,
    studio,
    costs,
)


def broken(configuration: Configuration, *, locked: bool = True) -> list[Problem]:
    """The problems that all rules find; without `locked`, that of the feature lock is left out.

    Where projects are built, and what they learn from, is asked where all else is in order: no fault is told twice.
    """
    parts = (*PARTS, feature_lock) if locked else PARTS
    found = list(chain.from_iterable(rule(configuration) for part in parts for rule in part.RULES))
    return found or list(chain.from_iterable(rule(configuration) for rule in project_data.RULES))
