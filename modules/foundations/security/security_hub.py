"""Security Hub in the home region: one view of the findings of all accounts and regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.securityhub_finding_aggregator import SecurityhubFindingAggregator
from cdktf_cdktf_provider_aws.securityhub_standards_subscription import SecurityhubStandardsSubscription
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.security.availability import offered, standard_arn
from modules.foundations.security.central_configuration import CentralConfiguration
from modules.foundations.security.finding_rules import FindingRules
from modules.foundations.security.insights import Insights
from modules.foundations.security.settings import SecurityHubSettings

DEFAULT_LEVEL = "standard"


@dataclass(frozen=True, slots=True)
class Targets:
    """What central configuration reaches: the level of each target, and the id that AWS gave it."""

    levels: Mapping[str, str]
    ids: Mapping[str, str]


class SecurityHub(Construct):
    """Aggregation, standards, rules on findings, and insights for machine learning.

    `linked_regions` are the governed regions beside the home region. Without `targets` this account administers
    itself only, as a management account must: AWS offers it no central configuration
    (https://docs.aws.amazon.com/securityhub/latest/userguide/start-central-configuration.html).

    Guarantees:
    - findings of every governed region are seen here, and of no other region;
    - standards are assigned by guardrail level to units; an account that administers itself has those of `standard`.

    Controls: ORG-07 (NIST 800-53 CA-7, SI-4, AU-6(4)).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: SecurityHubSettings,
        linked_regions: Sequence[str],
        targets: Targets | None,
    ) -> None:
        super().__init__(scope, id_)
        aggregator = SecurityhubFindingAggregator(
            self,
            "aggregator",
            linking_mode="SPECIFIED_REGIONS" if linked_regions else "NO_REGIONS",
            specified_regions=sorted(linked_regions) or None,
        )
        if targets is not None:
            CentralConfiguration(
                self,
                "central",
                naming=naming,
                settings=settings,
                levels=targets.levels,
                target_ids=targets.ids,
                aggregator=aggregator,
            )
        else:
            for standard in offered(naming.partition).standards(settings.standards.standard):
                SecurityhubStandardsSubscription(
                    self,
                    f"standard-{standard}",
                    standards_arn=standard_arn(standard, partition=naming.partition, region=naming.region),
                )
        FindingRules(self, "rules", naming=naming, accepted=settings.accepted_findings)
        Insights(self, "insights")
