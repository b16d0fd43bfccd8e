"""What teams launch by themselves: portfolios, products, templates and who may launch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.role import Role
from modules.ml_platform.audience import Audience
from modules.ml_platform.launch_notices import LaunchNotices
from modules.ml_platform.names import TEMPLATE_KEY, Product, launch_role
from modules.ml_platform.portfolio import Portfolio
from modules.ml_platform.portfolio_product import PortfolioProduct
from modules.ml_platform.portfolio_settings import PortfolioSettings
from modules.ml_platform.product_budget import ProductBudget
from modules.ml_platform.product_rules import rules
from modules.ml_platform.products import CATALOG, PortfolioName
from modules.ml_platform.tag_options import TagOptions
from modules.ml_platform.template_bucket import TemplateBucket
from modules.ml_platform.terraform_product import TerraformProduct

PORTFOLIOS: Mapping[PortfolioName, str] = {
    "platform-products": "What a team takes into its dev account by itself",
    "project-templates": "What SageMaker makes a team's projects from",
}


class ProductCatalog(Construct):
    """The two portfolios with all their products, in the account that administers Service Catalog.

    `seeds`: key in the bucket of templates -> archive. `launches_here`: people launch in this very account, too, so
    that it has launch roles of its own. `email` is whom launches and costs are told to.

    Guarantees:
    - templates, seed code and notices are encrypted by a key that only launching units and roles may use beside us;
    - a launch role of each name exists here, as Service Catalog demands of an account that names it in a constraint;
      it may do nothing;
    - see `Portfolio`, `PortfolioProduct` and `TemplateBucket`.

    Controls: PLAT-05, DATA-09, COST-01, COST-03 (NIST 800-53 AC-3, AC-6, CM-3).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: PortfolioSettings,
        audience: Audience,
        seeds: Mapping[str, bytes],
        boundary_arn: str,
        launches_here: bool,
        email: str,
    ) -> None:
        super().__init__(scope, id_)
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=TEMPLATE_KEY,
            statements=[
                *_readers(naming, audience),
                *audience.launch_roles(
                    naming, "LaunchesAnnounce", ("kms:Decrypt", "kms:GenerateDataKey"), "*", via="sns"
                ),
            ],
        )
        bucket = TemplateBucket(self, "templates", naming=naming, audience=audience, key_arn=key.arn, seeds=seeds)
        notices = LaunchNotices(self, "notices", naming=naming, audience=audience, key_arn=key.arn, email=email)
        tags = TagOptions(self, "tags", teams=audience.teams)
        portfolios = {
            name: Portfolio(
                self,
                name,
                naming=naming,
                name=name,
                description=description,
                products=[each.name for each in CATALOG if each.portfolio == name],
                audience=audience,
                tag_options=tags.ids,
            )
            for name, description in PORTFOLIOS.items()
        }
        for each in CATALOG:
            # A constraint may be made only once the role that it names exists in this account.
            role = None if launches_here else self._role(each.name, naming, boundary_arn)
            product = PortfolioProduct(
                self,
                each.name,
                naming=naming,
                product=each,
                portfolio=portfolios[each.portfolio],
                bucket=bucket,
                notices=notices,
                audience=audience,
                rules=rules(each, settings, audience),
                support_email=email,
            )
            if role:
                product.node.add_dependency(role)
            ProductBudget(
                self,
                f"{each.name}-budget",
                naming=naming,
                name=each.name,
                product=product,
                monthly_usd=settings.product_budget_usd,
                email=email,
            )
        for name, terraform in settings.terraform_products.items():
            TerraformProduct(
                self,
                name,
                naming=naming,
                settings=terraform,
                portfolio=portfolios["platform-products"],
                email=email,
            )

    def _role(self, product: Product, naming: Naming, boundary_arn: str) -> Role:
        """The empty role that lets the constraint name it; the same name in every account, whatever it is for."""
        return Role(
            self,
            f"{product}-role",
            naming=replace(naming, environment="dev"),
            what=launch_role(product),
            description=f"Launches nothing: {product} is launched as the role of this name in the team's account",
            trust=[
                Statement(
                    "ServiceCatalog", actions=("sts:AssumeRole",), principals=service("servicecatalog.amazonaws.com")
                )
            ],
            boundary_arn=boundary_arn,
        )


def _readers(naming: Naming, audience: Audience) -> list[Statement]:
    """Who reads the bucket of templates from another account needs its key, too."""
    via = {"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}}
    return [audience.units.allow("UnitsReadTemplates", ("kms:Decrypt",), ("*",), via)] if audience.units else []
