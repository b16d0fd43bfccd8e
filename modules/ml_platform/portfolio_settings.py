"""What may be set for the products that teams launch by themselves. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import HttpsUrl, RoleName, Shape, Strict, Text, Title, distinct
from modules.ml_platform.names import PRODUCTS

InstanceType = Annotated[
    str, Shape(r"ml\.[a-z0-9-]+\.[a-z0-9]+", "an instance type of SageMaker such as ml.m5.xlarge", 32)
]
MlflowSize = Literal["Small", "Medium", "Large"]
ProductName = Annotated[
    str,
    Shape(
        r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        "lower-case letters, digits and single hyphens, a letter first (such as redshift-sandbox)",
        40,
        shortest=2,
    ),
]


class TerraformProduct(Strict):
    """A product whose template is Terraform. `archive` is the URL of its .tar.gz in S3, which never changes.

    `launch_role` is called the same in every account that launches it; it trusts the provisioning engine.
    """

    title: Title
    description: Text
    archive: HttpsUrl
    version: Annotated[str, Shape(r"[0-9]+\.[0-9]+\.[0-9]+", "three numbers such as 1.0.0", 20)]
    launch_role: RoleName


class PortfolioSettings(Strict):
    """The portfolios of Service Catalog, and their products.

    `instance_types` and `mlflow_sizes` are what a launch may choose from, beside what guardrails allow at most.
    `product_budget_usd` is meant for a month and all that was launched of one product. `terraform_products` need a
    provisioning engine, which is installed by hand: `provisioning_engine: installed` says that it is there.
    `lead_roles` are those of team leads where Identity Center is off; they are called the same in every account.
    """

    instance_types: Annotated[tuple[InstanceType, ...], AfterValidator(distinct), Field(min_length=1)] = (
        "ml.m5.large",
        "ml.m5.xlarge",
        "ml.m5.2xlarge",
        "ml.g5.xlarge",
    )
    mlflow_sizes: Annotated[tuple[MlflowSize, ...], AfterValidator(distinct), Field(min_length=1)] = ("Small",)
    product_budget_usd: Annotated[int, Field(ge=1)] = 2000
    lead_roles: Annotated[tuple[RoleName, ...], AfterValidator(distinct), Field(min_length=1)] = ("ml-team-lead",)
    provisioning_engine: Literal["none", "installed"] = "none"
    terraform_products: dict[ProductName, TerraformProduct] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _engine(self) -> Self:
        if self.terraform_products and self.provisioning_engine == "none":
            raise ValueError(
                "has terraform_products, which nothing launches: install AWS's provisioning engine for Terraform in "
                "the account with the role shared-services, then write provisioning_engine: installed"
            )
        if taken := sorted(set(self.terraform_products) & set(PRODUCTS)):
            raise ValueError(f"calls Terraform products as the platform's own are called: {', '.join(taken)}")
        return self
