"""Who administers the security services of the organisation, said by the management account in one region."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.auditmanager_organization_admin_account_registration import (
    AuditmanagerOrganizationAdminAccountRegistration,
)
from cdktf_cdktf_provider_aws.detective_organization_admin_account import DetectiveOrganizationAdminAccount
from cdktf_cdktf_provider_aws.guardduty_organization_admin_account import GuarddutyOrganizationAdminAccount
from cdktf_cdktf_provider_aws.inspector2_delegated_admin_account import Inspector2DelegatedAdminAccount
from cdktf_cdktf_provider_aws.macie2_organization_admin_account import Macie2OrganizationAdminAccount
from cdktf_cdktf_provider_aws.securityhub_organization_admin_account import SecurityhubOrganizationAdminAccount
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.security.availability import offered
from modules.foundations.security.settings import SecuritySettings


class Delegation(Construct):
    """The security tooling account as delegated administrator of each security service in this region.

    `ready` are these services in the management account itself: they must be there before an administrator can take
    the account over. `audits` says whether this is the home region, where Audit Manager collects.

    Guarantees:
    - all services have one and the same administrator, and never the management account;
    - a service that the settings or the partition leave out has none.

    Controls: ORG-06, ORG-07 (NIST 800-53 AC-5, AC-6(5), CA-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: SecuritySettings,
        administrator_id: str,
        audits: bool,
        ready: Sequence[ITerraformDependable],
    ) -> None:
        super().__init__(scope, id_)
        available = offered(naming.partition)
        after = list(ready)
        GuarddutyOrganizationAdminAccount(self, "guardduty", admin_account_id=administrator_id, depends_on=after)
        SecurityhubOrganizationAdminAccount(self, "security-hub", admin_account_id=administrator_id, depends_on=after)
        if settings.macie.enabled and available.macie:
            Macie2OrganizationAdminAccount(self, "macie", admin_account_id=administrator_id, depends_on=after)
        if settings.inspector.enabled:
            Inspector2DelegatedAdminAccount(self, "inspector", account_id=administrator_id, depends_on=after)
        if settings.detective.enabled and available.detective:
            DetectiveOrganizationAdminAccount(self, "detective", account_id=administrator_id, depends_on=after)
        if settings.audit_manager.enabled and audits:
            AuditmanagerOrganizationAdminAccountRegistration(
                self, "audit-manager", admin_account_id=administrator_id, depends_on=after
            )
