"""`management-policies`: what configures services in every account, by level, environment or for all."""

from __future__ import annotations

from environments.management_policies import management_policies
from environments.stacks.base import PlatformStack
from modules.foundations.contract import OrganizationContract
from modules.foundations.organization_policies.organization_policies import OrganizationPolicies


class PoliciesStack(PlatformStack):
    """Declarative, tag, backup and AI opt-out policies of AWS Organizations."""

    def compose(self) -> None:
        """Place the policies that are switched on."""
        OrganizationPolicies(
            self,
            "policies",
            naming=self.naming,
            policies=management_policies(self.organization),
            organization=self.consume(OrganizationContract),
        )
