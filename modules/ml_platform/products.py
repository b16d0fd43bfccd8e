"""The products that teams launch by themselves: one list, from which portfolios, launch roles and proofs are made.

No cdktf here. Templates lie in `products/`, their versions stand in `product_versions.py`; what the launch role of each
may do stands in `launch_permissions.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from modules.ml_platform.names import PROJECT_TEMPLATES, Product

PortfolioName = Literal["platform-products", "project-templates"]
Choice = Literal["instance_types", "mlflow_sizes"]


@dataclass(frozen=True, slots=True)
class CatalogProduct:
    """One product. `title` and `description` are what people read in the catalogue.

    `limited`: parameter of the template -> the key of `PortfolioSettings` that says which values may be chosen. Every
    template has the parameters `Team` and `CostCenter`, whose values are limited to those of the organisation's teams.
    """

    name: Product
    title: str
    description: str
    limited: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def portfolio(self) -> PortfolioName:
        """The portfolio that offers it: SageMaker makes projects from those of `project-templates`."""
        return "project-templates" if self.name in PROJECT_TEMPLATES else "platform-products"


CATALOG: tuple[CatalogProduct, ...] = (
    CatalogProduct(
        "athena-workgroup",
        "Athena workgroup",
        "A further place for a team's queries, with a scan limit and an encrypted bucket of results.",
    ),
    CatalogProduct(
        "mlflow-server",
        "MLflow tracking server",
        "A managed MLflow server for the experiments of a team, whose artefacts lie in a bucket of its own.",
        {"Size": "mlflow_sizes"},
    ),
    CatalogProduct(
        "sagemaker-domain",
        "SageMaker domain for experiments",
        "A further domain of a team: in its VPC only, encrypted, with idle shutdown.",
    ),
    CatalogProduct(
        "user-profile",
        "Studio user profile",
        "Joins a person of a team to its domain, with the execution role of the person's job.",
    ),
    CatalogProduct(
        "build-template",
        "Build a model",
        "Repository with seed code and a pipeline that tests, trains, evaluates and registers a model.",
        {"InstanceType": "instance_types"},
    ),
    CatalogProduct(
        "deploy-template",
        "Try a model",
        "A pipeline that takes the newest approved version to an endpoint in the development account.",
        {"InstanceType": "instance_types"},
    ),
)
