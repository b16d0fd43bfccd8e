"""What the release of models and their serving call things: rules that both sides of an edge compute. No cdktf here.

`project` is the model's project. Two hyphens keep what belongs to a project apart from what belongs to a team or to the
platform: no project's name holds them.
"""

from __future__ import annotations

from modules.core.naming import Naming

# What SageMaker takes for names of endpoints, configurations, models, jobs and schedules.
SAGEMAKER_LIMIT = 63
# In the account that releases: where events of approvals wait to be taken, and where those end that failed.
PROMOTIONS = "model-promotions"
# The key of what waits, runs and alarms in the releasing account.
RELEASE_KEY = "ml-releases"
# Which version of which model is live where, and who released it: a DynamoDB table.
RELEASES = "model-releases"
# The evidence of every release to production, under object lock.
PASSPORTS = "model-passports"
# In the management account: as which releases read and write the state of what serves models, and of nothing else.
STATE_ACCESS = "release-state"
# Below the bucket of a served model: what it was asked and answered, what is true, what monitors found, and the
# Terraform JSON of its stack `serving` as it was applied last.
CAPTURE, TRUTH, FINDINGS, STACK = "capture/", "ground-truth/", "monitoring/", "stack/"
# How the roles begin as which releases change what serves models; guardrails spare them.
DEPLOYER_ROLES = "deploy"
# A served version that is none yet.
NO_VERSION = "none"


def pipeline(naming: Naming, project: str) -> str:
    """The pipeline in the releasing account that brings versions of the project's model to test and production."""
    return naming.name(f"release--{project}")


def build_role(project: str, what: str) -> str:
    """The role as which the builds `what` of that pipeline work, such as `deploy`."""
    return f"release--{project}--{what}"


def deployer(project: str) -> str:
    """The role in a serving account that the pipeline's builds become to change what serves the model."""
    return f"{DEPLOYER_ROLES}--{project}"


def serving_bucket(project: str) -> str:
    """The bucket of a served model, in its account."""
    return f"serving--{project}"


def endpoint(naming: Naming, project: str) -> str:
    """The endpoint that serves the project's model, in the account of `naming`."""
    return naming.name(f"serving--{project}", limit=SAGEMAKER_LIMIT)


def version_parameter(naming: Naming, project: str) -> str:
    """The parameter in Systems Manager that says which version the stack `serving` of the project runs, as JSON.

    The pipeline sets it, Terraform reads it: a plan by people and a release by the pipeline come to the same.
    """
    return f"/{naming.organization}/{naming.environment}/serving/{project}/version"
