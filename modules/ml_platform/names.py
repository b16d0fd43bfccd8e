"""What the ML platform calls things: rules that both sides of an edge compute, so that neither reads the other.

No cdktf here. Central things stand in the account with the role ml-shared-services that serves a stage; portfolios in
the one with the role shared-services, which administers Service Catalog for the organisation.
"""

from __future__ import annotations

from typing import Literal, get_args

from modules.core.naming import Naming

# Buckets: what builds hand over, in the account ml-shared-services; templates and seed code, beside the portfolio.
ARTIFACT_BUCKET, TEMPLATE_BUCKET = "ml-artifacts", "ml-templates"
# Keys of their own, as other accounts reach what they encrypt.
ARTIFACT_KEY, TEMPLATE_KEY, MODEL_KEY = "ml-artifacts", "ml-templates", "ml-models"
# CodeArtifact.
PACKAGE_DOMAIN, PACKAGE_REPOSITORY = "ml", "packages"
# The central event bus, to which teams' accounts forward what happens to their models.
EVENT_BUS = "ml-events"
# Who copies approved versions of a team's models from its dev account: a role beside the central registry.
MODEL_SYNC = "model-sync"
# The private model hub.
MODEL_HUB = "models"

# What teams launch by themselves. The first four are products of the platform, the others are project templates.
Product = Literal[
    "athena-workgroup", "mlflow-server", "sagemaker-domain", "user-profile", "build-template", "deploy-template"
]
PRODUCTS: tuple[Product, ...] = get_args(Product)
PROJECT_TEMPLATES: tuple[Product, ...] = ("build-template", "deploy-template")


def launch_role(product: Product) -> str:
    """The role in a team's account as which Service Catalog launches the product there."""
    return f"launch-{product}"


def launch_role_name(organization: str, product: Product) -> str:
    """The name of that role, the same in all accounts: a constraint names a role, not an ARN."""
    return f"{organization}-dev-{launch_role(product)}"


def event_bus_arn(naming: Naming) -> str:
    """The ARN of the central event bus in the account of `naming`."""
    return naming.arn("events", f"event-bus/{naming.name(EVENT_BUS)}")


def model_group(team: str, model: str) -> str:
    """A model's group of versions, in the registry of dev and in the central ones: personas know a team's by it."""
    return f"{team}-{model}"
