"""What one member account administers for the whole organisation."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudtrail_organization_delegated_admin_account import (
    CloudtrailOrganizationDelegatedAdminAccount,
)
from cdktf_cdktf_provider_aws.organizations_delegated_administrator import OrganizationsDelegatedAdministrator
from cdktf_cdktf_provider_aws.vpc_ipam_organization_admin_account import VpcIpamOrganizationAdminAccount
from constructs import Construct


class Delegation(Construct):
    """The services that `account_id` administers; `organization` is what trusts them.

    Guarantees:
    - a service is delegated after its trusted access is on;
    - CloudTrail and IPAM are delegated by their own calls, which also make the service-linked roles they need.

    Controls: ORG-04, ORG-05 (NIST 800-53 AC-5, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        account_id: str,
        services: Sequence[str],
        organization: ITerraformDependable,
    ) -> None:
        super().__init__(scope, id_)
        for service in services:
            name, after = service.removesuffix(".amazonaws.com"), [organization]
            match name:
                case "cloudtrail":
                    CloudtrailOrganizationDelegatedAdminAccount(self, name, account_id=account_id, depends_on=after)
                case "ipam":
                    VpcIpamOrganizationAdminAccount(self, name, delegated_admin_account_id=account_id, depends_on=after)
                case _:
                    OrganizationsDelegatedAdministrator(
                        self, name, account_id=account_id, service_principal=service, depends_on=after
                    )
