"""SageMaker makes projects from the organisation's templates."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.sagemaker_servicecatalog_portfolio_status import SagemakerServicecatalogPortfolioStatus
from constructs import Construct


class SagemakerProjects(Construct):
    """SageMaker Projects in one account and region: SageMaker accepts the portfolio of AWS's templates for it.

    AWS knows one switch for both. Nobody is made a principal of AWS's portfolio here, so that nobody launches from it.
    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-projects-studio-updates.html

    Guarantees: projects can be made in the account; AWS's own templates belong to nobody.
    Controls: SM-55 (NIST 800-53 CM-7).
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        SagemakerServicecatalogPortfolioStatus(self, "status", status="Enabled")
