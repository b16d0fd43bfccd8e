"""Rules of identity: sessions in an emergency, and teams that are told apart by their names."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration
from modules.core.errors import Problem
from modules.foundations.personas import EMERGENCY, EMERGENCY_HOURS


def _emergency_is_short(configuration: Configuration) -> Iterator[Problem]:
    identity, tree = configuration.organization.content.identity, configuration.organization.tree
    hours = identity.session_hours.get(EMERGENCY, EMERGENCY_HOURS)
    if hours > EMERGENCY_HOURS:
        message = f"must be {EMERGENCY_HOURS}: an emergency session ends by itself (got {hours})"
        yield tree.problem(("identity", "session_hours", EMERGENCY), message)


def _no_team_owns_the_names_of_another(configuration: Configuration) -> Iterator[Problem]:
    # A team's people approve what is called `<organisation>-<environment>-<team>-...`.
    names = {team.content.team for team in configuration.teams}
    for team in configuration.teams:
        for shorter in sorted(name for name in names if team.content.team.startswith(f"{name}-")):
            message = f"must not begin with {shorter}-: the team {shorter} may approve the models that are named so"
            yield team.tree.problem(("team",), message)


RULES = (_emergency_is_short, _no_team_owns_the_names_of_another)
