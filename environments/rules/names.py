"""Rules of names: none of a team, a data domain or a project reads as one of the platform's own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from environments.configuration import Configuration
from modules.core.errors import Problem
from modules.ml_operations.names import DEPLOYER_ROLES
from modules.ml_platform.names import ARTIFACT_BUCKET, LAUNCH_ROLES, MADE_BY_PROJECTS, PRODUCT_ROLES, team_artifacts

# What begins with them -> what it would be taken for. Guardrails spare launch and deployment roles by name alone.
_TAKEN = {
    DEPLOYER_ROLES: "the roles as which releases deploy, which guardrails spare",
    LAUNCH_ROLES: "launch roles, which guardrails spare",
    PRODUCT_ROLES: "the roles as which launched products work",
    MADE_BY_PROJECTS: "what projects of SageMaker make, which every product's role may reach",
}


def _names_are_free(configuration: Configuration) -> Iterator[Problem]:
    """Roles, buckets and repositories are called `<organisation>-<environment>-<name>-...`."""
    named = chain(
        ((each.tree, "team", each.content.team) for each in configuration.teams),
        ((each.tree, "domain", each.content.domain) for each in configuration.domains),
        ((each.tree, "project", each.content.project) for each in configuration.projects),
    )
    for tree, key, name in named:
        word = name.partition("-")[0]
        if word in _TAKEN:
            message = f"must not be {word} or begin with {word}-, as do {_TAKEN[word]}: choose another name"
            yield tree.problem((key,), message)


def _no_team_has_the_bucket_of_all(configuration: Configuration) -> Iterator[Problem]:
    for team in configuration.teams:
        if team_artifacts(team.content.team) == ARTIFACT_BUCKET:
            message = f"must not be {team.content.team}: {ARTIFACT_BUCKET} is the bucket that all teams read"
            yield team.tree.problem(("team",), f"{message}: choose another name")


RULES = (_names_are_free, _no_team_has_the_bucket_of_all)
