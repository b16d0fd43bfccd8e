"""The services that detect, switched on in one account and region."""

from __future__ import annotations

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.detective_graph import DetectiveGraph
from cdktf_cdktf_provider_aws.guardduty_detector import GuarddutyDetector
from cdktf_cdktf_provider_aws.guardduty_detector_feature import (
    GuarddutyDetectorFeature,
    GuarddutyDetectorFeatureAdditionalConfiguration,
)
from cdktf_cdktf_provider_aws.macie2_account import Macie2Account
from cdktf_cdktf_provider_aws.securityhub_account import SecurityhubAccount
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.security.availability import offered
from modules.foundations.security.contract import DetectionContract
from modules.foundations.security.plans import plans
from modules.foundations.security.settings import SecuritySettings


class Detection(Construct):
    """GuardDuty, Security Hub and Macie, and with `investigates` Detective, in one account and region.

    Before an account administers these services for others it has them itself: AWS would otherwise switch them on
    as it delegates, and Terraform could not make what is there already. The management account needs them as well,
    because an administrator cannot switch them on there
    (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html,
    https://docs.aws.amazon.com/macie/latest/user/accounts-mgmt-ao-notes.html).

    Guarantees:
    - GuardDuty watches with the plans of the settings, and says what the settings leave out;
    - Security Hub checks with its consolidated controls and begins with no standard: policies or subscriptions decide;
    - Macie and Detective are absent where the partition or the settings have none.

    Controls: ORG-06, ORG-07 (FSBP GuardDuty.1, Macie.1; NIST 800-53 SI-4, CA-7).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, settings: SecuritySettings, investigates: bool
    ) -> None:
        super().__init__(scope, id_)
        detector = GuarddutyDetector(
            self, "detector", enable=True, finding_publishing_frequency=settings.guardduty.frequency
        )
        for plan in plans(settings.guardduty):
            GuarddutyDetectorFeature(
                self,
                f"plan-{plan.key}",
                detector_id=detector.id,
                name=plan.name,
                status="ENABLED" if plan.on else "DISABLED",
                additional_configuration=[
                    GuarddutyDetectorFeatureAdditionalConfiguration(name=name, status="ENABLED" if on else "DISABLED")
                    for name, on in plan.agents.items()
                ]
                or None,
            )
        hub = SecurityhubAccount(
            self,
            "hub",
            auto_enable_controls=True,
            control_finding_generator="SECURITY_CONTROL",
            enable_default_standards=False,
        )
        self.services: list[ITerraformDependable] = [detector, hub]
        available = offered(naming.partition)
        if settings.macie.enabled and available.macie:
            self.services.append(
                Macie2Account(self, "macie", status="ENABLED", finding_publishing_frequency=settings.macie.frequency)
            )
        graph_arn = ""
        if investigates and settings.detective.enabled and available.detective:
            graph_arn = DetectiveGraph(self, "graph").graph_arn
        self.contract = DetectionContract(detector_id=detector.id, graph_arn=graph_arn)
