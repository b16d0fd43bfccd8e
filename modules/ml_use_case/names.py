"""What the environments of ML teams call things. No cdktf here."""

from __future__ import annotations

from modules.core.naming import Naming
from modules.ml_use_case.studio_settings import ServiceRole, StudioPersona

GROUP_LIMIT = 63  # characters of the name of a model package group


def role(team: str, what: StudioPersona | ServiceRole) -> str:
    """The role as which people of this persona, or jobs and endpoints, of the team work in an account of it.

    Those of `data-scientist` and `pipeline` are the ones to which data is granted: `modules.data_lake.names` calls
    them the same.
    """
    return f"{team}-{what}"


def domain(team: str) -> str:
    """The SageMaker domain of a team."""
    return f"{team}-studio"


# Below a project's bucket: what the team puts there to learn from, a language model to begin with, and what the
# pipeline makes.
DATA, BASE_MODEL, RUNS = "data/", "base-model/", "runs/"


def project_bucket(project: str) -> str:
    """The bucket of a project. The two hyphens keep it apart from buckets of the platform, such as ml-models."""
    return f"ml--{project}"


def pipeline(naming: Naming, project: str) -> str:
    """The SageMaker pipeline, and the pipeline in CodePipeline that brings it up to date, of a project."""
    return naming.name(project)


def settings_parameter(naming: Naming, project: str) -> str:
    """The parameter in Systems Manager that tells a project its settings."""
    return f"/{naming.organization}/{naming.environment}/projects/{project}"


def build_part(project: str, what: str) -> str:
    """A stage of the project's build, or a role of it. The two hyphens keep it apart from every role of a team."""
    return f"{project}--{what}"
