"""Services with a switch of their own for the organisation: CloudTrail, IPAM, RAM and Service Catalog.

What they delegate is a delegated administrator of moto's Organizations, where Terraform looks for it.
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends

from delivery.emulator.service import Answer, AwsError, Call, Service

CLOUDTRAIL, CATALOG, EC2, RAM = (Service(name) for name in ("cloudtrail", "servicecatalog", "ec2", "ram"))
SERVICES = (CLOUDTRAIL, CATALOG, EC2, RAM)
_RAM_ROLE = "AWSServiceRoleForResourceAccessManager"


def _organization(call: Call, principal: str) -> Any:
    """The caller's organisation. Raises where the caller manages none, or does not trust the service."""
    backend = organizations_backends[call.account]["aws"]
    if backend.org is None:
        raise AwsError("OrganizationsNotInUseException", f"account {call.account} manages no organization")
    if not any(service["ServicePrincipal"] == principal for service in backend.services):
        raise AwsError("OperationNotPermittedException", f"trusted access of {principal} is not enabled")
    return backend


def _delegate(call: Call, principal: str, account: str, *, on: bool) -> None:
    backend = _organization(call, principal)
    both = {"AccountId": account, "ServicePrincipal": principal}
    (backend.register_delegated_administrator if on else backend.deregister_delegated_administrator)(**both)


@CLOUDTRAIL.operation("RegisterOrganizationDelegatedAdmin")
def register_trail_admin(call: Call) -> Answer:
    _delegate(call, "cloudtrail.amazonaws.com", call.params["MemberAccountId"], on=True)
    return {}


@CLOUDTRAIL.operation("DeregisterOrganizationDelegatedAdmin")
def deregister_trail_admin(call: Call) -> Answer:
    _delegate(call, "cloudtrail.amazonaws.com", call.params["DelegatedAdminAccountId"], on=False)
    return {}


@EC2.operation("EnableIpamOrganizationAdminAccount")
def enable_ipam_admin(call: Call) -> Answer:
    _delegate(call, "ipam.amazonaws.com", call.params["DelegatedAdminAccountId"], on=True)
    return {"Success": True}


@EC2.operation("DisableIpamOrganizationAdminAccount")
def disable_ipam_admin(call: Call) -> Answer:
    _delegate(call, "ipam.amazonaws.com", call.params["DelegatedAdminAccountId"], on=False)
    return {"Success": True}


@RAM.operation("EnableSharingWithAwsOrganization")
def enable_sharing(call: Call) -> Answer:
    """AWS makes a service-linked role, which is how Terraform sees that sharing is on."""
    backend, iam = organizations_backends[call.account]["aws"], iam_backends[call.account]["aws"]
    if backend.org is None:
        raise AwsError("OperationNotPermittedException", f"account {call.account} manages no organization")
    backend.enable_aws_service_access(ServicePrincipal="ram.amazonaws.com")
    if all(role.name != _RAM_ROLE for role in iam.roles.values()):
        trust = {"Effect": "Allow", "Principal": {"Service": "ram.amazonaws.com"}, "Action": "sts:AssumeRole"}
        iam.create_role(
            _RAM_ROLE,
            json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            path="/aws-service-role/ram.amazonaws.com/",
            permissions_boundary=None,
            description="",
            tags=[],
            max_session_duration="3600",
            linked_service="ram.amazonaws.com",
        )
    return {"returnValue": True}


@CATALOG.operation("EnableAWSOrganizationsAccess")
def enable_catalog(call: Call) -> Answer:
    call.global_table("access")["organization"] = {"status": "ENABLED"}
    return {}


@CATALOG.operation("DisableAWSOrganizationsAccess")
def disable_catalog(call: Call) -> Answer:
    call.global_table("access")["organization"] = {"status": "DISABLED"}
    return {}


@CATALOG.operation("GetAWSOrganizationsAccessStatus")
def catalog_status(call: Call) -> Answer:
    return {"AccessStatus": call.global_table("access").get("organization", {}).get("status", "DISABLED")}
