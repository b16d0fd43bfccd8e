"""What the release of models and their serving call things: rules that both sides of an edge compute. No cdktf here.

`project` is the model's project. Two hyphens keep what belongs to a project apart from what belongs to a team or to the
platform: no project's name holds them.
"""

from __future__ import annotations

from modules.core.naming import ALARM_LIMIT, Naming
from modules.ml_operations.layout import MonitorKind

# What SageMaker takes for names of endpoints, configurations, models, jobs and schedules. A name that says which
# version it is of has a suffix: the version, how often the parameter was set, and what else the name stands for. It
# begins with two hyphens, so that a pattern in IAM means one project: `card` and not `card-fraud`.
SAGEMAKER_LIMIT = 63
VERSION_SUFFIX = "--1234-12345-abcdef"
# In the account that releases: where events of approvals wait to be taken, and where those end that failed.
PROMOTIONS = "model-promotions"
# The key of what waits, runs and alarms in the releasing account.
RELEASE_KEY = "ml-releases"
# Which version of which model is live where, and who released it: a DynamoDB table.
RELEASES = "model-releases"
# The evidence of every release to production, under object lock.
PASSPORTS = "model-passports"
# The role as which people read it.
PASSPORT_READER = "model-passport-reader"
# In the management account: what the roles begin with as which releases read and write the state of what serves models.
STATE_ACCESS = "release-state"
# Below the bucket of a served model: what it was asked and answered, what is true, what monitors found, and the
# Terraform JSON of its stack `serving` as it was applied last.
CAPTURE, TRUTH, FINDINGS, STACK = "capture/", "ground-truth/", "monitoring/", "stack/"
STACK_FILE = f"{STACK}cdk.tf.json"
# There, too: what a model is given to answer that answers later, at once or in batches, and its answers.
INPUT, OUTPUT, FAILURES = "input/", "output/", "failures/"
# The one variant of every endpoint: guarded updates demand that it keeps its name.
VARIANT = "main"
# How the roles begin as which releases change what serves models; guardrails spare them.
DEPLOYER_ROLES = "deploy"
# The alarm that brings back the last instance, which an endpoint has made anew with it.
WAITING = "waiting"
# Below STACK: what monitors need beside what they watch.
MONITORS = "monitors/"
# Characters that tell a job definition from the one before.
DEFINITION_HASH = 6


def pipeline(naming: Naming, project: str) -> str:
    """The pipeline in the releasing account that brings versions of the project's model to test and production."""
    return naming.name(f"release--{project}")


def build_role(project: str, what: str) -> str:
    """The role as which the builds `what` of that pipeline work, such as `deploy`."""
    return f"release--{project}--{what}"


def deployer(project: str) -> str:
    """The role in a serving account that the pipeline's builds become to change what serves the model."""
    return f"{DEPLOYER_ROLES}--{project}"


def verifier(project: str) -> str:
    """The role in a serving account that the pipeline's tests become to ask what serves the model."""
    return f"verify--{project}"


def state_access(project: str, stage: str) -> str:
    """The role in the management account that reaches the state of what serves the project in that stage, alone."""
    return f"{STATE_ACCESS}--{project}--{stage}"


def release_bucket(project: str) -> str:
    """The bucket in the releasing account with the scripts of releases, and what their stages hand on."""
    return f"release--{project}"


def serving_bucket(project: str) -> str:
    """The bucket of a served model, in its account."""
    return f"serving--{project}"


def capture_database(project: str) -> str:
    """The database, in the catalogue of its account, of what a served model was asked; SQL takes no hyphens."""
    return f"serving_{project.replace('-', '_')}"


def uri(naming: Naming, project: str, prefix: str) -> str:
    """What lies below `prefix` in that bucket, as SageMaker names it: without a slash at its end."""
    return f"s3://{naming.bucket(serving_bucket(project))}/{prefix.removesuffix('/')}"


def endpoint(naming: Naming, project: str) -> str:
    """The endpoint that serves the project's model, in the account of `naming`."""
    return naming.name(f"serving--{project}", limit=SAGEMAKER_LIMIT - len(VERSION_SUFFIX))


def alarm(naming: Naming, project: str, what: str) -> str:
    """An alarm on what serves the project's model, such as `errors`."""
    return naming.name(f"serving--{project}-{what}", limit=ALARM_LIMIT)


def topic(project: str) -> str:
    """The topic on which the project's owner hears of the model in use: the alarms and rules called after it."""
    return f"serving--{project}"


def answers_topic(project: str) -> str:
    """The topic that tells of each answer of an asynchronous endpoint; who asked subscribes to it."""
    return f"serving--{project}--answers"


def endpoint_check(project: str) -> str:
    """What asks the endpoint in production by the calendar: a function, its role and its schedule."""
    return f"serving--{project}--check"


def starter(project: str) -> str:
    """The role as which the calendar starts batches."""
    return f"serving--{project}--start"


def unstarted(project: str) -> str:
    """What waits in a queue of dead letters: batches that the calendar could not start."""
    return f"serving--{project}--starts"


def version_parameter(naming: Naming, project: str) -> str:
    """The parameter in Systems Manager that says which version the stack `serving` of the project runs, as JSON.

    The pipeline sets it, Terraform reads it: a plan by people and a release by the pipeline come to the same.
    """
    return f"/{naming.organization}/{naming.environment}/serving/{project}/version"


def monitor(naming: Naming, project: str, kind: MonitorKind) -> str:
    """The schedule that watches the served model by this kind; its job definitions add a hyphen and a short hash."""
    return naming.name(f"{project}--{kind}", limit=SAGEMAKER_LIMIT - 1 - DEFINITION_HASH)


def drift(project: str) -> str:
    """In an account that serves the model: what works on findings of its monitors, and the table of open incidents."""
    return f"drift--{project}"


def drift_answer(project: str) -> str:
    """In the releasing account: what answers drift of the project's model, and the role as which it does so."""
    return f"drift-answer--{project}"


def retrain_bus(project: str) -> str:
    """In the team's dev account: the bus that takes the one message that the model is to learn again."""
    return f"retrain--{project}"
