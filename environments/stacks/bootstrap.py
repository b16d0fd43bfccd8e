"""`management-bootstrap`: what must exist before any other stack can keep its state."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.provider import AwsProviderAssumeRole

from environments.stacks.base import PlatformStack
from environments.vocabulary import ENVIRONMENTS
from modules.foundations.access_roles import AccessRoles
from modules.foundations.ci_identity import CiIdentity, CiTrust
from modules.foundations.contract import CiContract
from modules.foundations.state_backend import StateBackend


class BootstrapStack(PlatformStack):
    """State buckets, the CI identity, and the management account's own access roles."""

    def _assumed_role(self) -> list[AwsProviderAssumeRole] | None:
        return None  # the roles are made here: an administrator of the management account applies this stack

    def compose(self) -> None:
        """Place state buckets, access roles and CI identity."""
        settings, delivery = self.settings.foundations, self.organization.delivery
        StateBackend(self, "state", naming=self.naming, settings=settings.state, environments=ENVIRONMENTS)
        access = AccessRoles(
            self,
            "access",
            naming=self.naming,
            settings=settings.access,
            ci=CiContract(**CiContract.names(self.naming)),
            external_id=delivery.external_id,
            account_roles=self.place.account.roles,
        )
        identity = CiIdentity(
            self,
            "ci",
            naming=self.naming,
            trust=CiTrust(
                delivery.oidc.issuer,
                delivery.oidc.audience,
                delivery.plan_subjects,
                delivery.apply_subjects,
                delivery.external_id,
                delivery.atlantis.server_role_arn,
            ),
            access_role=delivery.access_role,
            boundary_arn=access.boundary_arn,
            environments=ENVIRONMENTS,
            session_seconds=settings.access.apply_session_seconds,
        )
        self.publish(access.contract)
        self.publish(identity.contract)
