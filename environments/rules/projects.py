"""Rules of ML projects: whose they are, and what their models are called."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration
from environments.messages import suggestion
from environments.vocabulary import ENVIRONMENTS
from modules.core.errors import Problem
from modules.ml_platform.names import model_group
from modules.ml_use_case.names import SAGEMAKER_LIMIT


def _teams_are_known(configuration: Configuration) -> Iterator[Problem]:
    teams = configuration.team_names
    for project in configuration.projects:
        if (team := project.content.team) not in teams:
            yield project.tree.problem(("team",), f"names the unknown team {team}{suggestion(team, teams)}")


def _groups_of_models_have_names_that_fit(configuration: Configuration) -> Iterator[Problem]:
    organization = configuration.organization.content.name
    longest = max(ENVIRONMENTS, key=len)
    for project in configuration.projects:
        name = f"{organization}-{longest}-{model_group(project.content.team, project.content.project)}"
        if len(name) > SAGEMAKER_LIMIT:
            message = f"makes the model group {name} of {len(name)} characters, and SageMaker takes {SAGEMAKER_LIMIT}"
            yield project.tree.problem(("project",), f"{message}: shorten it by {len(name) - SAGEMAKER_LIMIT}")


RULES = (
    _teams_are_known,
    _groups_of_models_have_names_that_fit,
)
