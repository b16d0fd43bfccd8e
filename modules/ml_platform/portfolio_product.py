"""One product of a portfolio: its versions, the role that launches it, and what a launch may choose."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.servicecatalog_constraint import ServicecatalogConstraint
from cdktf_cdktf_provider_aws.servicecatalog_product import (
    ServicecatalogProduct,
    ServicecatalogProductProvisioningArtifactParameters,
)
from cdktf_cdktf_provider_aws.servicecatalog_product_portfolio_association import (
    ServicecatalogProductPortfolioAssociation,
)
from cdktf_cdktf_provider_aws.servicecatalog_provisioning_artifact import ServicecatalogProvisioningArtifact
from constructs import Construct

from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.ml_platform.audience import Audience
from modules.ml_platform.launch_notices import LaunchNotices
from modules.ml_platform.names import launch_role_name
from modules.ml_platform.portfolio import Portfolio
from modules.ml_platform.product_versions import VERSIONS, template_key
from modules.ml_platform.products import CatalogProduct
from modules.ml_platform.template_bucket import TemplateBucket

TYPE = "CLOUD_FORMATION_TEMPLATE"


class PortfolioProduct(Construct):
    """`product` in `portfolio`, in all its versions.

    The provider makes the oldest version together with the product and has no argument for its guidance: it stays
    active and without a hint. https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html

    Guarantees:
    - launched as the local role of its name, in whatever account; never as whoever launches it;
    - the newest version is recommended, older ones are marked as deprecated, withdrawn ones cannot be launched;
    - parameters that are limited have no other value than `rules` name;
    - each launch tells the topic of `notices` how it goes, and its tags stay as they were chosen;
    - SageMaker offers a project template to make projects from.

    Controls: PLAT-05 (NIST 800-53 AC-3, AC-6, CM-3, CM-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        product: CatalogProduct,
        portfolio: Portfolio,
        bucket: TemplateBucket,
        notices: LaunchNotices,
        audience: Audience,
        rules: Mapping[str, object],
        support_email: str,
    ) -> None:
        super().__init__(scope, id_)
        *newer, oldest = VERSIONS[product.name]
        key = template_key(product.name, oldest)
        made = ServicecatalogProduct(
            self,
            "product",
            name=product.title,
            description=product.description,
            owner=naming.organization,
            distributor=naming.organization,
            support_email=support_email,
            type=TYPE,
            provisioning_artifact_parameters=ServicecatalogProductProvisioningArtifactParameters(
                name=oldest.number, description=oldest.notes, type=TYPE, template_url=bucket.url(key)
            ),
            tags={"Product": product.name}
            | ({"sagemaker:studio-visibility": "true"} if product.portfolio == "project-templates" else {}),
            depends_on=[bucket.templates[key]],
        )
        self.id, self.arn = made.id, made.arn
        for version in newer:
            key = template_key(product.name, version)
            ServicecatalogProvisioningArtifact(
                self,
                f"version-{version.number.replace('.', '-')}",
                product_id=self.id,
                name=version.number,
                description=version.notes,
                type=TYPE,
                template_url=bucket.url(key),
                guidance="DEFAULT" if version == newer[0] else "DEPRECATED",
                active=not version.withdrawn,
                depends_on=[bucket.templates[key]],
            )
        offered = ServicecatalogProductPortfolioAssociation(
            self, "offered", portfolio_id=portfolio.id, product_id=self.id
        )
        constraints: Mapping[str, tuple[str, object, list[ITerraformDependable]]] = {
            "launch": ("LAUNCH", {"LocalRoleName": launch_role_name(naming.organization, product.name)}, []),
            "rules": ("TEMPLATE", {"Rules": rules}, []),
            "notices": ("NOTIFICATION", {"NotificationArns": [notices.arn]}, [notices.policy]),
            "tags": (
                "RESOURCE_UPDATE",
                {"Version": "2.0", "Properties": {"TagUpdateOnProvisionedProduct": "NOT_ALLOWED"}},
                [],
            ),
        }
        for what, (kind, parameters, after) in constraints.items():
            ServicecatalogConstraint(
                self,
                what,
                type=kind,
                portfolio_id=portfolio.id,
                product_id=self.id,
                parameters=json.dumps(parameters, separators=(",", ":")),
                depends_on=[offered, *after],
            )
        for edge in audience.ways(product.name):
            edge.render(holder(self), "constraint")
