"""Security Hub's central configuration: which standards hold in which unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.securityhub_configuration_policy import (
    SecurityhubConfigurationPolicy,
    SecurityhubConfigurationPolicyConfigurationPolicy,
    SecurityhubConfigurationPolicyConfigurationPolicySecurityControlsConfiguration,
)
from cdktf_cdktf_provider_aws.securityhub_configuration_policy_association import (
    SecurityhubConfigurationPolicyAssociation,
)
from cdktf_cdktf_provider_aws.securityhub_organization_configuration import (
    SecurityhubOrganizationConfiguration,
    SecurityhubOrganizationConfigurationOrganizationConfiguration,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.security.availability import offered, standard_arn
from modules.foundations.security.settings import SecurityHubSettings, Standard


class CentralConfiguration(Construct):
    """A configuration policy for each guardrail level, and the targets it holds for.

    `levels` are by key of the target, `root` or a unit's; `target_ids` the ids AWS gave them. A target below another
    inherits that one's policy, so only targets whose level differs are listed. `aggregator` is the home region's
    finding aggregator, without which AWS has no central configuration
    (https://docs.aws.amazon.com/securityhub/latest/userguide/central-configuration-intro.html).

    Guarantees:
    - no account chooses its own standards: new ones get those of their unit, in every governed region;
    - a control is checked unless the settings disable it with a reason, also one that AWS adds later.

    Controls: ORG-07 (NIST 800-53 CA-2, CA-7, CM-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: SecurityHubSettings,
        levels: Mapping[str, str],
        target_ids: Mapping[str, str],
        aggregator: ITerraformDependable,
    ) -> None:
        super().__init__(scope, id_)
        central = SecurityhubOrganizationConfiguration(
            self,
            "organization",
            auto_enable=False,  # the policies say it; AWS allows nothing else here
            auto_enable_standards="NONE",
            organization_configuration=SecurityhubOrganizationConfigurationOrganizationConfiguration(
                configuration_type="CENTRAL"
            ),
            depends_on=[aggregator],
        )
        policies = {
            level: self._policy(naming, settings, level, getattr(settings.standards, level), central)
            for level in sorted(set(levels.values()))
        }
        for target, level in levels.items():
            SecurityhubConfigurationPolicyAssociation(
                self, f"for-{target}", policy_id=policies[level].id, target_id=target_ids[target]
            )

    def _policy(
        self,
        naming: Naming,
        settings: SecurityHubSettings,
        level: str,
        standards: Sequence[Standard],
        central: ITerraformDependable,
    ) -> SecurityhubConfigurationPolicy:
        return SecurityhubConfigurationPolicy(
            self,
            f"policy-{level}",
            name=naming.name(level),
            description=f"Standards of units with the guardrail level {level}",
            configuration_policy=SecurityhubConfigurationPolicyConfigurationPolicy(
                service_enabled=True,
                enabled_standard_arns=[
                    standard_arn(standard, partition=naming.partition, region=naming.region)
                    for standard in offered(naming.partition).standards(standards)
                ],
                security_controls_configuration=(
                    SecurityhubConfigurationPolicyConfigurationPolicySecurityControlsConfiguration(
                        disabled_control_identifiers=sorted(each.control for each in settings.disabled_controls)
                    )
                ),
            ),
            depends_on=[central],
        )
