"""GuardDuty for the whole organisation in one region."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.guardduty_filter import (
    GuarddutyFilter,
    GuarddutyFilterFindingCriteria,
    GuarddutyFilterFindingCriteriaCriterion,
)
from cdktf_cdktf_provider_aws.guardduty_ipset import GuarddutyIpset
from cdktf_cdktf_provider_aws.guardduty_organization_configuration import GuarddutyOrganizationConfiguration
from cdktf_cdktf_provider_aws.guardduty_organization_configuration_feature import (
    GuarddutyOrganizationConfigurationFeature,
    GuarddutyOrganizationConfigurationFeatureAdditionalConfiguration,
)
from cdktf_cdktf_provider_aws.guardduty_publishing_destination import GuarddutyPublishingDestination
from cdktf_cdktf_provider_aws.guardduty_threatintelset import GuarddutyThreatintelset
from constructs import Construct

from modules.foundations.security.findings_store import FindingsStore
from modules.foundations.security.plans import plans
from modules.foundations.security.settings import GuardDutySettings


class ThreatDetection(Construct):
    """GuardDuty of one region: every account watched with the same plans, findings kept, lists and filters applied.

    `detector_id` is the detector of this account; `delegated` says whether it administers the organisation.

    Guarantees:
    - every account is watched, those that join later at once (`ALL`), with the plans of the settings;
    - findings are exported to the store, encrypted under its key;
    - what a filter archives has its reason in the description.

    Controls: ORG-06 (FSBP GuardDuty.1, GuardDuty.5 to GuardDuty.11, GuardDuty.13; NIST 800-53 SI-4, AU-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: GuardDutySettings,
        detector_id: str,
        delegated: bool,
        store: FindingsStore,
    ) -> None:
        super().__init__(scope, id_)
        GuarddutyPublishingDestination(
            self,
            "export",
            detector_id=detector_id,
            destination_arn=store.bucket_arn,
            kms_key_arn=store.key_arn,
        )
        for key, trusted in settings.trusted_addresses.items():
            GuarddutyIpset(
                self,
                f"trusted-{key}",
                detector_id=detector_id,
                name=key,
                format="TXT",
                location=trusted.location,
                activate=True,
            )
        for key, threats in settings.threat_addresses.items():
            GuarddutyThreatintelset(
                self,
                f"threats-{key}",
                detector_id=detector_id,
                name=key,
                format="TXT",
                location=threats.location,
                activate=True,
            )
        for rank, (key, archived) in enumerate(sorted(settings.archived_findings.items()), start=1):
            GuarddutyFilter(
                self,
                f"archive-{key}",
                detector_id=detector_id,
                name=key,
                description=archived.reason,
                action="ARCHIVE",
                rank=rank,
                finding_criteria=GuarddutyFilterFindingCriteria(
                    criterion=[GuarddutyFilterFindingCriteriaCriterion(field="type", equal_to=[archived.type])]
                ),
            )
        if delegated:
            self._organization(settings, detector_id)

    def _organization(self, settings: GuardDutySettings, detector_id: str) -> None:
        everyone = GuarddutyOrganizationConfiguration(
            self, "organization", detector_id=detector_id, auto_enable_organization_members="ALL"
        )
        for plan in plans(settings):
            GuarddutyOrganizationConfigurationFeature(
                self,
                f"plan-{plan.key}",
                detector_id=detector_id,
                name=plan.name,
                auto_enable="ALL" if plan.on else "NONE",
                additional_configuration=[
                    GuarddutyOrganizationConfigurationFeatureAdditionalConfiguration(
                        name=name, auto_enable="ALL" if on else "NONE"
                    )
                    for name, on in plan.agents.items()
                ]
                or None,
                depends_on=[everyone],
            )
