"""One portfolio of Service Catalog: with whom it is shared, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.servicecatalog_portfolio import ServicecatalogPortfolio
from cdktf_cdktf_provider_aws.servicecatalog_portfolio_share import ServicecatalogPortfolioShare
from cdktf_cdktf_provider_aws.servicecatalog_principal_portfolio_association import (
    ServicecatalogPrincipalPortfolioAssociation,
)
from cdktf_cdktf_provider_aws.servicecatalog_tag_option_resource_association import (
    ServicecatalogTagOptionResourceAssociation,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.ml_platform.audience import Audience
from modules.ml_platform.names import Product
from modules.ml_platform.products import PortfolioName


class Portfolio(Construct):
    """`<organisation>-<environment>-<name>`, for the products named.

    Guarantees:
    - shared within the organisation alone, with its principals and its tag options;
    - it belongs to the roles that `audience` names, in the accounts that it is shared with, and to nobody else;
    - whoever launches from it chooses among the tags of `tag_options`.

    Controls: PLAT-05 (FSBP ServiceCatalog.1, NIST 800-53 AC-3, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        name: PortfolioName,
        description: str,
        products: Sequence[Product],
        audience: Audience,
        tag_options: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        portfolio = ServicecatalogPortfolio(
            self, "portfolio", name=naming.name(name), description=description, provider_name=naming.organization
        )
        self.id = portfolio.id
        for each in audience.recipients:
            ServicecatalogPortfolioShare(
                self,
                f"share-{each.name}",
                portfolio_id=self.id,
                type=each.kind,
                principal_id=each.principal_id,
                share_principals=True,
                share_tag_options=True,
            )
            for edge in audience.ways(*products, to=each):
                edge.render(holder(self), "share")
        for person, arn in audience.people.items():
            ServicecatalogPrincipalPortfolioAssociation(
                self, f"people-{person}", portfolio_id=self.id, principal_arn=arn, principal_type="IAM_PATTERN"
            )
        for edge in audience.ways(*products):
            edge.render(holder(self), "principals")
        for option, option_id in tag_options.items():
            ServicecatalogTagOptionResourceAssociation(
                self, f"tag-{option}", resource_id=self.id, tag_option_id=option_id
            )
