"""What may be set for the products that teams launch by themselves. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from modules.core.settings import HttpsUrl, RolePattern, Shape, Strict, Text, Title, distinct

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
Sha256 = Annotated[str, Shape(r"[0-9a-f]{64}", "a SHA-256 in 64 lower-case hexadecimal digits", 64, shortest=64)]


class TerraformProduct(Strict):
    """A product whose template is Terraform, launched by the provisioning engine of the organisation.

    `archive` is the URL of a .tar.gz in S3; `version` becomes the provisioning artifact's name.
    """

    title: Title
    description: Text
    archive: HttpsUrl
    version: Annotated[str, Shape(r"[0-9]+\.[0-9]+\.[0-9]+", "three numbers such as 1.0.0", 20)]
    launch_role: Annotated[str, Shape(r"[A-Za-z0-9+=,.@_-]+", "the name of an IAM role, without a path", 64)]


class PortfolioSettings(Strict):
    """The portfolios of Service Catalog, and their products."""

    # What a team may choose in templates, beyond what guardrails and Studio allow at most.
    instance_types: Annotated[tuple[InstanceType, ...], AfterValidator(distinct)] = Field(
        default=("ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge", "ml.g5.xlarge"), min_length=1
    )
    mlflow_sizes: Annotated[tuple[MlflowSize, ...], AfterValidator(distinct)] = Field(default=("Small",), min_length=1)
    product_budget_usd: Annotated[int, Field(ge=1)] = 2000  # a month, of all that was launched of one product
