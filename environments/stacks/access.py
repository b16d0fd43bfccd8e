"""`<account>-access`: the roles Terraform works with in one member account."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.provider import AwsProviderAssumeRole

from environments.stacks.base import PlatformStack
from modules.foundations.access_roles import AccessRoles
from modules.foundations.contract import CiContract


class AccessStack(PlatformStack):
    """Plan role, apply role and boundary of the account."""

    def _assumed_role(self) -> list[AwsProviderAssumeRole] | None:
        # The account's own roles do not exist before this stack: it enters by the role that AWS makes in a new account.
        name = f"role/{self.organization.delivery.access_role}"
        return [AwsProviderAssumeRole(role_arn=self.naming.arn("iam", name, region=False))]

    def compose(self) -> None:
        """Place the access roles."""
        access = AccessRoles(
            self,
            "access",
            naming=self.naming,
            settings=self.settings.foundations.access,
            ci=self.consume(CiContract),
            external_id=self.organization.delivery.external_id,
            # What a suspended account was for is still to be taken down.
            account_roles=(self.place.account.former or self.place.account).roles,
        )
        self.publish(access.contract)
