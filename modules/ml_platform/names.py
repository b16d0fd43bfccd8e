"""What the ML platform calls things: rules that both sides of an edge compute, so that neither reads the other.

No cdktf here. Central things stand in the account with the role ml-shared-services that serves a stage, the registry
and the bus in that which serves production; portfolios in the one with the role shared-services, which administers
Service Catalog for the organisation.
"""

from __future__ import annotations

from typing import Literal, get_args

from modules.core.naming import Naming

# Buckets: artefacts for all teams, in the account ml-shared-services; templates and seed code, beside the portfolio.
ARTIFACT_BUCKET, TEMPLATE_BUCKET = "ml-artifacts", "ml-templates"
# Keys of their own, as other accounts reach what they encrypt.
ARTIFACT_KEY, TEMPLATE_KEY, MODEL_KEY = "ml-artifacts", "ml-templates", "ml-models"
IMAGE_KEY, PACKAGE_KEY = "ml-images", "ml-packages"
# CodeArtifact: the repository that teams install from, and before it the one that fetches from PyPI.
PACKAGE_DOMAIN, PACKAGE_REPOSITORY, PYPI_STORE = "ml", "packages", "pypi-store"
PACKAGE_DOMAIN_LIMIT = 50
# The central event bus, to which teams' accounts forward what happens to their models.
EVENT_BUS = "ml-events"
# The topic on which launches of products tell how they go.
LAUNCH_TOPIC = "ml-launches"
# Who copies approved versions of a team's models from its dev account: a role beside the central registry.
MODEL_SYNC = "model-sync"
# Roles as which teams' accounts forward them end in it: the bus admits no other.
ANNOUNCER = "announcer"
# The central copies of registered models' files, and what else lies there: exports of model cards, the hub's contents.
MODEL_BUCKET, CARD_EXPORTS, HUB_FILES = "ml-models", "cards/", "hub/"
MODEL_GROUP_LIMIT = 63  # characters in the name of a group, and of a model card
# The inventory of the registry: its workgroup and database, the bucket of its rows, and the role that queries it.
INVENTORY, INVENTORY_ROWS, INVENTORY_READER = "model-inventory", "model-inventory-rows", "model-inventory-reader"
# The private model hub.
MODEL_HUB = "models"

# What the platform's own names in a team's account begin with, before a hyphen: launch roles, roles of services, and
# what SageMaker projects make. Policies know them by it, so that no team, data domain or project is called so.
LAUNCH_ROLES, PRODUCT_ROLES, MADE_BY_PROJECTS = "launch", "product", "p"
# What teams launch by themselves. The first four are products of the platform, the others are project templates.
Product = Literal[
    "athena-workgroup", "mlflow-server", "sagemaker-domain", "user-profile", "build-template", "deploy-template"
]
PRODUCTS: tuple[Product, ...] = get_args(Product)
PROJECT_TEMPLATES: tuple[Product, ...] = ("build-template", "deploy-template")


def launch_role(product: Product) -> str:
    """The role in a team's account as which Service Catalog launches the product there."""
    return f"{LAUNCH_ROLES}-{product}"


def launch_role_name(organization: str, product: Product) -> str:
    """The name of that role, the same in all accounts: a constraint names a role, not an ARN."""
    return f"{organization}-dev-{launch_role(product)}"


def environment_parameter(organization: str) -> str:
    """The SSM parameter that tells the environment of an account: the second word of what Terraform made there."""
    return f"/{organization}/environment"


def launch_role_pattern(naming: Naming, account_id: str) -> str:
    """What matches the ARN of every launch role of an account of the organisation."""
    return f"arn:{naming.partition}:iam::{account_id}:role/{naming.organization}-dev-{LAUNCH_ROLES}-*"


def launch_topic_arn(naming: Naming) -> str:
    """The ARN of the topic of launches in the account of `naming`, which administers Service Catalog."""
    return naming.arn("sns", naming.name(LAUNCH_TOPIC))


def team_artifacts(team: str) -> str:
    """The bucket in the account ml-shared-services for what the team's builds hand over."""
    return f"{team}-artifacts"


def image_namespace(naming: Naming) -> str:
    """What the names of the central ECR repositories begin with, before a slash."""
    return naming.name("ml")


def image_repository(naming: Naming, what: str) -> str:
    """The central ECR repository `what`, such as `training`, in the account of `naming`."""
    return f"{image_namespace(naming)}/{what}"


def image_uri(naming: Naming, what: str) -> str:
    """What the images of that repository are pulled by, in the region of `naming`, before a tag or digest."""
    suffix = "amazonaws.com.cn" if naming.partition == "aws-cn" else "amazonaws.com"
    return f"{naming.account_id}.dkr.ecr.{naming.region}.{suffix}/{image_repository(naming, what)}"


def package_domain(naming: Naming) -> str:
    """The CodeArtifact domain in the account of `naming`."""
    return naming.name(PACKAGE_DOMAIN, limit=PACKAGE_DOMAIN_LIMIT)


def package_domain_arn(naming: Naming) -> str:
    """The ARN of that domain."""
    return naming.arn("codeartifact", f"domain/{package_domain(naming)}")


def package_repository_arn(naming: Naming) -> tuple[str, str]:
    """The ARN of the repository that teams install from, and the one that matches all its packages."""
    inside = f"{package_domain(naming)}/{PACKAGE_REPOSITORY}"
    return naming.arn("codeartifact", f"repository/{inside}"), naming.arn("codeartifact", f"package/{inside}/*")


def package_index(naming: Naming) -> str:
    """The URL of that repository as an index of pip; a token of the domain is its password, the user is `aws`."""
    host = f"{package_domain(naming)}-{naming.account_id}.d.codeartifact.{naming.region}.amazonaws.com"
    return f"https://{host}/pypi/{PACKAGE_REPOSITORY}/simple/"


def event_bus_arn(naming: Naming) -> str:
    """The ARN of the central event bus in the account of `naming`."""
    return naming.arn("events", f"event-bus/{naming.name(EVENT_BUS)}")


def announcer(team: str) -> str:
    """The rule, and its role, that forward what happens to the team's models."""
    return f"{team}-{ANNOUNCER}"


def model_group(team: str, model: str) -> str:
    """A model's group of versions, in the registry of dev and in the central ones: personas know a team's by it."""
    return f"{team}-{model}"


def model_files(team: str) -> str:
    """The prefix of a team's files in the bucket of central copies."""
    return f"models/{team}/"


def model_group_name(naming: Naming, team: str, project: str) -> str:
    """The name of a project's group in the registry of the account of `naming`, and of its model card there."""
    return naming.name(model_group(team, project), limit=MODEL_GROUP_LIMIT)


def model_group_arns(naming: Naming, team: str, project: str) -> tuple[str, str]:
    """The ARN of the group, and what all versions in it match: SageMaker asks for the one or the other."""
    name = model_group_name(naming, team, project)
    return naming.arn("sagemaker", f"model-package-group/{name}"), naming.arn("sagemaker", f"model-package/{name}/*")


def hub_arns(naming: Naming) -> tuple[str, str]:
    """The ARN of the private hub in the account of `naming`, and what all its contents match."""
    hub = naming.name(MODEL_HUB)
    return naming.arn("sagemaker", f"hub/{hub}"), naming.arn("sagemaker", f"hub-content/{hub}/*")


# Keys of an account that templates of products use, by purpose; the account tells their ARNs by parameters.
KEY_PURPOSES = ("account-logs", "artifacts", "data", "domain", "endpoint")
# Roles as which what products make works, once in each account: AWS's services assume them.
ServiceRole = Literal["cloudformation", "codebuild", "codebuild-test", "codepipeline", "events", "mlflow"]


def key_parameter(organization: str, purpose: str) -> str:
    """The SSM parameter by which an account tells the ARN of its key for the purpose; called alike in all accounts."""
    return f"/{organization}/keys/{purpose}"


def service_role(role: ServiceRole) -> str:
    """The role in a team's account as which what products make works."""
    return f"{PRODUCT_ROLES}-{role}"


def service_role_arn(naming: Naming, role: ServiceRole) -> str:
    """Its ARN in the account of `naming`. It is called alike in all accounts, as templates name it."""
    name = f"{naming.organization}-dev-{service_role(role)}"
    return naming.arn("iam", f"role/{name}", region=False)
