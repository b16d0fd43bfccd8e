"""Saved questions to Security Hub, for those who govern machine learning."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.securityhub_insight import (
    SecurityhubInsight,
    SecurityhubInsightFilters,
    SecurityhubInsightFiltersProductName,
    SecurityhubInsightFiltersRecordState,
    SecurityhubInsightFiltersResourceType,
    SecurityhubInsightFiltersWorkflowStatus,
)
from constructs import Construct

from modules.foundations.security.resource_types import DATA_LAKE, MACHINE_LEARNING

_ACTIVE = [SecurityhubInsightFiltersRecordState(comparison="EQUALS", value="ACTIVE")]
_OPEN = [SecurityhubInsightFiltersWorkflowStatus(comparison="EQUALS", value=status) for status in ("NEW", "NOTIFIED")]


class Insights(Construct):
    """Where the open findings of SageMaker, Bedrock, the data lake and Macie lie.

    Guarantees: each counts active findings that nobody has closed or suppressed.
    Controls: ORG-07 (NIST 800-53 AU-6, CA-7).
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        for key, name, group_by in (
            ("accounts", "Machine learning: accounts with most findings", "AwsAccountId"),
            ("resources", "Machine learning: resources with most findings", "ResourceId"),
            ("severities", "Machine learning: findings by severity", "SeverityLabel"),
        ):
            self._insight(f"machine-learning-{key}", name, group_by, _types(MACHINE_LEARNING))
        self._insight("data-lake", "Data lake: resources with most findings", "ResourceId", _types(DATA_LAKE))
        SecurityhubInsight(
            self,
            "sensitive-data",
            name="Sensitive data: buckets with most findings",
            group_by_attribute="ResourceId",
            filters=SecurityhubInsightFilters(
                product_name=[SecurityhubInsightFiltersProductName(comparison="EQUALS", value="Macie")],
                record_state=_ACTIVE,
                workflow_status=_OPEN,
            ),
        )

    def _insight(
        self, key: str, name: str, group_by: str, types: Sequence[SecurityhubInsightFiltersResourceType]
    ) -> None:
        SecurityhubInsight(
            self,
            key,
            name=name,
            group_by_attribute=group_by,
            filters=SecurityhubInsightFilters(resource_type=list(types), record_state=_ACTIVE, workflow_status=_OPEN),
        )


def _types(prefixes: Sequence[str]) -> list[SecurityhubInsightFiltersResourceType]:
    return [SecurityhubInsightFiltersResourceType(comparison="PREFIX", value=prefix) for prefix in prefixes]
