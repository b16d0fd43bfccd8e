"""Costs that nobody expected, and who hears of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.ce_anomaly_monitor import CeAnomalyMonitor
from cdktf_cdktf_provider_aws.ce_anomaly_subscription import (
    CeAnomalySubscription,
    CeAnomalySubscriptionSubscriber,
    CeAnomalySubscriptionThresholdExpression,
    CeAnomalySubscriptionThresholdExpressionAnd,
    CeAnomalySubscriptionThresholdExpressionAndDimension,
)
from cdktf_cdktf_provider_aws.ce_cost_category import CeCostCategory
from constructs import Construct

from modules.core.naming import Naming
from modules.cost_reporting.billing_settings import AnomalySettings
from modules.cost_reporting.names import line_slug


class CostAnomalies(Construct):
    """Monitors of every AWS service and of each line of business, each with who hears by e-mail.

    `finops` hears of all; `owners` holds, for each line of business, who hears beside. E-mails go once a day or week:
    AWS tells at once through SNS alone, and a topic in us-east-1 would hold costs outside the governed regions.

    Guarantees:
    - a cost is told that is above the expected by the amount and by the per cent of the settings, both;
    - a line of business hears of its own costs alone, by the cost category `category`.

    Controls: COST-08 (NIST 800-53 SI-4, AU-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: AnomalySettings,
        finops: str,
        owners: Mapping[str, Sequence[str]],
        category: CeCostCategory,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._settings = naming, settings
        services = CeAnomalyMonitor(
            self,
            "services",
            name=naming.name("services"),
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
        )
        self._tell("services", services, (finops,))
        for line, emails in owners.items():
            slug = f"line-{line_slug(line)}"
            monitor = CeAnomalyMonitor(
                self,
                slug,
                name=naming.name(slug),
                monitor_type="CUSTOM",
                monitor_specification=_costs_of(category.name_input or "", line),
                depends_on=[category],
            )
            self._tell(slug, monitor, sorted({finops, *emails}))

    def _tell(self, what: str, monitor: CeAnomalyMonitor, emails: Sequence[str]) -> None:
        CeAnomalySubscription(
            self,
            f"{what}-told",
            name=self._naming.name(f"{what}-anomalies"),
            frequency=self._settings.frequency,
            monitor_arn_list=[monitor.arn],
            subscriber=[CeAnomalySubscriptionSubscriber(type="EMAIL", address=email) for email in emails],
            threshold_expression=CeAnomalySubscriptionThresholdExpression(
                and_=[
                    _at_least("ANOMALY_TOTAL_IMPACT_ABSOLUTE", self._settings.minimum_usd),
                    _at_least("ANOMALY_TOTAL_IMPACT_PERCENTAGE", self._settings.minimum_percent),
                ]
            ),
        )


def _at_least(key: str, value: int) -> CeAnomalySubscriptionThresholdExpressionAnd:
    return CeAnomalySubscriptionThresholdExpressionAnd(
        dimension=CeAnomalySubscriptionThresholdExpressionAndDimension(
            key=key, values=[str(value)], match_options=["GREATER_THAN_OR_EQUAL"]
        )
    )


def _costs_of(category: str, line: str) -> str:
    """As the provider reads it back, with all keys: a shorter text would differ on each plan."""
    wanted = {"Key": category, "MatchOptions": ["EQUALS"], "Values": [line]}
    empty = dict.fromkeys(("And", "Dimensions", "Not", "Or", "Tags"))
    return json.dumps({**empty, "CostCategories": wanted}, separators=(",", ":"), sort_keys=True)
