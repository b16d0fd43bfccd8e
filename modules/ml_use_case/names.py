"""What the environments of ML teams call things. No cdktf here."""

from __future__ import annotations

from modules.core.naming import Naming
from modules.ml_use_case.studio_settings import ServiceRole, StudioPersona

# What SageMaker takes for names of domains, profiles, spaces, images and groups of models.
SAGEMAKER_LIMIT = 63
# Below a project's bucket: what the team puts there to learn from, a language model to begin with, and what the
# pipeline makes.
DATA, BASE_MODEL, RUNS = "data/", "base-model/", "runs/"
# What the names of projects' buckets begin with, behind organisation and environment.
PROJECT_BUCKETS = "ml--"
# What endpoints keep of what they are asked, and answer.
CAPTURE = "capture/"


def role(team: str, what: StudioPersona | ServiceRole) -> str:
    """The role as which people of this persona, or jobs and endpoints, of the team work in an account of it.

    Those of `data-scientist` and `pipeline` are the ones to which data is granted: `modules.data_lake.names` calls
    them the same.
    """
    return f"{team}-{what}"


def domain(team: str) -> str:
    """The SageMaker domain of a team."""
    return f"{team}-studio"


def workspace(team: str) -> str:
    """The bucket in which a team keeps what it works on in dev: files, outputs of trials, artefacts of experiments."""
    return f"{team}-studio"


def tracking_server(team: str) -> str:
    """The MLflow server on which a team tracks its experiments, and the role as which it keeps their artefacts."""
    return f"{team}-experiments"


def tracking_server_arn(naming: Naming, team: str) -> str:
    """The ARN of that server."""
    return naming.arn("sagemaker", f"mlflow-tracking-server/{naming.name(tracking_server(team))}")


def model_versions(naming: Naming, team: str) -> str:
    """What matches the ARNs of all versions of a team's models: no team's name begins with that of another.

    Groups are called `<organisation>-<environment>-<team>-<project>`.
    """
    return naming.arn("sagemaker", f"model-package/{naming.name(team)}-*/*")


def profile(user: str) -> str:
    """The user profile of a person in Studio, and their private space; SageMaker's names have no dots."""
    return user.replace(".", "-")


def project_bucket(project: str) -> str:
    """The bucket of a project. The two hyphens keep it apart from buckets of the platform, such as ml-models."""
    return f"{PROJECT_BUCKETS}{project}"


def pipeline(naming: Naming, project: str) -> str:
    """The SageMaker pipeline, and the pipeline in CodePipeline that brings it up to date, of a project."""
    return naming.name(project)


def settings_parameter(naming: Naming, project: str) -> str:
    """The parameter in Systems Manager that tells a project its settings."""
    return f"/{naming.organization}/{naming.environment}/projects/{project}"


def build_part(project: str, what: str) -> str:
    """A stage of the project's build, or a role of it. The two hyphens keep it apart from every role of a team."""
    return f"{project}--{what}"


def shared_space(team: str) -> str:
    """The space in which a team's data scientists edit together."""
    return f"{team}-shared"


def studio_part(team: str, what: str) -> str:
    """What belongs to the domain of a team: scripts and images."""
    return f"{domain(team)}-{what}"


def packages_parameter(naming: Naming, team: str) -> str:
    """The parameter in Systems Manager that tells a team's spaces where packages are."""
    return f"/{naming.organization}/{naming.environment}/studio/{team}/packages"
