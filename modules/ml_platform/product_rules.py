"""The rules that a launch must keep, as a template constraint says them. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modules.ml_platform.audience import Audience
from modules.ml_platform.portfolio_settings import PortfolioSettings
from modules.ml_platform.products import CatalogProduct, Choice


def rules(product: CatalogProduct, settings: PortfolioSettings, audience: Audience) -> dict[str, object]:
    """The `Rules` of the constraint: each parameter that is limited, with the values that it may have.

    `Team` and `CostCenter` are those of the organisation; https://docs.aws.amazon.com/servicecatalog/latest/adminguide/
    reference-template_constraint_rules.html
    """
    choices: Mapping[Choice, Sequence[str]] = {
        "instance_types": settings.instance_types,
        "mlflow_sizes": settings.mlflow_sizes,
    }
    limits: Mapping[str, Sequence[str]] = {
        "Team": sorted(audience.teams),
        "CostCenter": sorted(set(audience.teams.values())),
        **{parameter: choices[choice] for parameter, choice in product.limited.items()},
    }
    return {
        f"Known{parameter}": {
            "Assertions": [
                {
                    "Assert": {"Fn::Contains": [list(values), {"Ref": parameter}]},
                    "AssertDescription": f"{parameter} must be one of {', '.join(values)}",
                }
            ]
        }
        for parameter, values in limits.items()
    }
