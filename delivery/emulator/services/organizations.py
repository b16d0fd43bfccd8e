"""Organizations: what moto's closed lists leave out, and the end of closed accounts."""

from __future__ import annotations

import json
from typing import Any

from moto.organizations import models

from delivery.emulator.service import AwsError, Service

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
# Characters of a document (AWS Organizations User Guide, "Quotas"); the service control policy's was raised in 2025.
LONGEST = {"AISERVICES_OPT_OUT_POLICY": 2_500, "RESOURCE_CONTROL_POLICY": 5_120, "SERVICE_CONTROL_POLICY": 10_240}
LONGEST_OTHERS = 10_000
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
def documents_are_read() -> None:
    """AWS refuses a policy that is no JSON object, or longer than its type may be; moto keeps any text."""
    backend = models.OrganizationsBackend
    create, update = backend.create_policy, backend.update_policy

    def check(kind: str, content: str) -> None:
        try:
            document = json.loads(content)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise AwsError("MalformedPolicyDocumentException", "the policy document is no JSON object")
        if len(content) > (limit := LONGEST.get(kind, LONGEST_OTHERS)):
            raise AwsError("ConstraintViolationException", f"a {kind} holds {limit} characters, not {len(content)}")

    def create_policy(self: Any, **given: Any) -> Any:
        check(given["Type"], given["Content"])
        return create(self, **given)

    def update_policy(self: Any, **given: Any) -> Any:
        kind = next((policy.type for policy in self.policies if policy.id == given["PolicyId"]), "")
        if given.get("Content") is not None:
            check(kind, given["Content"])
        return update(self, **given)

    backend.create_policy, backend.update_policy = create_policy, update_policy


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
