"""EC2's word on who manages addresses for the organisation. No address is managed."""

from __future__ import annotations

from typing import Any

from moto.organizations.models import organizations_backends

from delivery.emulator.administrators import manages
from delivery.emulator.service import Answer, AwsError, Call, Service

SERVICE = Service("ec2")
IPAM = "ipam.amazonaws.com"


def _organization(call: Call) -> Any:
    if not manages(call.account):
        raise AwsError("UnauthorizedOperation", f"{call.account} manages no organisation")
    return organizations_backends[call.account]["aws"]


@SERVICE.operation("EnableIpamOrganizationAdminAccount")
def enable_administrator(call: Call) -> Answer:
    """Organizations lists the account as a delegated administrator, and refuses strangers and management."""
    account = call.params["DelegatedAdminAccountId"]
    _organization(call).register_delegated_administrator(AccountId=account, ServicePrincipal=IPAM)
    return {"Success": True}


@SERVICE.operation("DisableIpamOrganizationAdminAccount")
def disable_administrator(call: Call) -> Answer:
    account = call.params["DelegatedAdminAccountId"]
    _organization(call).deregister_delegated_administrator(AccountId=account, ServicePrincipal=IPAM)
    return {"Success": True}
