"""Organizations: what moto's closed lists leave out, and the end of closed accounts."""

from __future__ import annotations

from typing import Any

from moto.organizations import models

from delivery.emulator.service import Service

SERVICE = Service("organizations")

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
TRUSTED = (
    "agentless.inspector2",
    "cost-optimization-hub.bcm",
    "ec2",
    "iam",
    "malware-protection.guardduty",
    "observabilityadmin",
    "resource-explorer-2",
    "ssm-quicksetup",
)
DELEGATED = (
    "account",
    "auditmanager",
    "backup",
    "cloudtrail",
    "compute-optimizer",
    "config",
    "cost-optimization-hub.bcm",
    "detective",
    "fms",
    "health",
    "iam",
    "inspector2",
    "ipam",
    "license-manager",
    "member.org.stacksets.cloudformation",
    "observabilityadmin",
    "reachabilityanalyzer.networkinsights",
    "reporting.trustedadvisor",
    "resource-explorer-2",
    "securityhub",
    "securitylake",
    "sso",
    "stacksets.cloudformation",
    "storage-lens.s3",
)
POLICY_TYPES = ("BACKUP_POLICY", "CHATBOT_POLICY", "DECLARATIVE_POLICY_EC2")


@SERVICE.mend
def more_services() -> None:
    """AWS has more trusted services and more delegated administrators than moto lists."""
    models.FakeServiceAccess.TRUSTED_SERVICES += [f"{name}.amazonaws.com" for name in TRUSTED]
    models.FakeDelegatedAdministrator.SUPPORTED_SERVICES += [f"{name}.amazonaws.com" for name in DELEGATED]


@SERVICE.mend
def more_policy_types() -> None:
    """Three policy types of AWS are unknown to moto, or known to it and then not implemented."""
    for holder in (models.FakeRoot, models.FakePolicy):
        holder.SUPPORTED_POLICY_TYPES = sorted({*holder.SUPPORTED_POLICY_TYPES, *POLICY_TYPES})
    create = models.FakePolicy.__init__

    def __init__(self: Any, organization: Any, **values: Any) -> None:
        kind = values.get("Type", "")
        if kind not in POLICY_TYPES:
            create(self, organization, **values)
            return
        create(self, organization, **{**values, "Type": "TAG_POLICY"})
        self.type = kind
        self._arn_format = self._arn_format.replace("tag_policy", kind.lower())

    models.FakePolicy.__init__ = __init__


@SERVICE.mend
def closed_accounts_leave() -> None:
    """A closed account does not stand in the way of deleting its organisation.

    AWS lets it go after 90 days, for which nobody waits here; until then it is visible and suspended.
    """
    backend = models.OrganizationsBackend
    delete = backend.delete_organization

    def delete_organization(self: Any) -> None:
        for account in [account for account in self.accounts if account.status == "SUSPENDED"]:
            self.remove_account_from_organization(AccountId=account.id)
        delete(self)

    backend.delete_organization = delete_organization
