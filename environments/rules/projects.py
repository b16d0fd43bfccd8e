"""Rules of ML projects: whose they are, and where they can be built."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration
from environments.messages import suggestion
from modules.core.errors import Problem


def _teams_are_known(configuration: Configuration) -> Iterator[Problem]:
    teams = configuration.team_names
    for project in configuration.projects:
        if (team := project.content.team) not in teams:
            yield project.tree.problem(("team",), f"names the unknown team {team}{suggestion(team, teams)}")


RULES = (_teams_are_known,)
