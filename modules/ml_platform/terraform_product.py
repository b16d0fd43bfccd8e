"""A product whose template is Terraform, launched by the organisation's provisioning engine."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.servicecatalog_constraint import ServicecatalogConstraint
from cdktf_cdktf_provider_aws.servicecatalog_product import (
    ServicecatalogProduct,
    ServicecatalogProductProvisioningArtifactParameters,
)
from cdktf_cdktf_provider_aws.servicecatalog_product_portfolio_association import (
    ServicecatalogProductPortfolioAssociation,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_platform.portfolio import Portfolio
from modules.ml_platform.portfolio_settings import TerraformProduct as Settings


class TerraformProduct(Construct):
    """A product of the type EXTERNAL, as AWS calls what an engine other than CloudFormation launches.

    The engine is not made here: https://docs.aws.amazon.com/servicecatalog/latest/adminguide/
    getstarted-Terraform.html; it must stand in this account and trust, and be trusted by, `settings.launch_role`.

    Guarantees: launched as the local role that the settings name; validated by the engine, as AWS reads no Terraform.
    Controls: PLAT-05 (NIST 800-53 AC-3, AC-6, CM-7).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, settings: Settings, portfolio: Portfolio, email: str
    ) -> None:
        super().__init__(scope, id_)
        product = ServicecatalogProduct(
            self,
            "product",
            name=settings.title,
            description=settings.description,
            owner=naming.organization,
            distributor=naming.organization,
            support_email=email,
            type="EXTERNAL",
            provisioning_artifact_parameters=ServicecatalogProductProvisioningArtifactParameters(
                name=settings.version, type="EXTERNAL", template_url=settings.archive, disable_template_validation=True
            ),
            tags={"Product": id_},
        )
        offered = ServicecatalogProductPortfolioAssociation(
            self, "offered", portfolio_id=portfolio.id, product_id=product.id
        )
        ServicecatalogConstraint(
            self,
            "launch",
            type="LAUNCH",
            portfolio_id=portfolio.id,
            product_id=product.id,
            parameters=json.dumps({"LocalRoleName": settings.launch_role}),
            depends_on=[offered],
        )
