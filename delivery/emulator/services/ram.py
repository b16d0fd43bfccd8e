"""Resource Access Manager: shares with their associations and tags, and who sees what is shared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.utils import utcnow
from moto.organizations.models import organizations_backends
from moto.ram.models import ResourceShare, ram_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.ram_permissions import add_permission, described, permissions, remove_permission

SERVICE = Service("ram")
SHAREABLE = (
    "feature-group",
    "firewall-policy",
    "firewall-rule-group",
    "hub",
    "ipam-pool",
    "model-package-group",
    "profile",
    "resolver-query-log-config",
    "sagemaker-catalog",
)


@SERVICE.mend
def more_is_shareable() -> None:
    """AWS shares more types of resources than moto lists."""
    ResourceShare.SHAREABLE_RESOURCES = [*ResourceShare.SHAREABLE_RESOURCES, *SHAREABLE]


@SERVICE.mend
def principals_of_the_organisation() -> None:
    """A member account, too, shares with its organisation and any unit of it, however deep; moto knows units right
    below the root, and those for the management account alone.
    """
    add = ResourceShare.add_principals

    def add_principals(self: Any, principals: list[str]) -> None:
        known = {_organization_arn(self.account_id), *(unit.arn for unit in _organization(self.account_id).ou)}
        add(self, [each for each in principals if each not in known])
        self.principals.extend(each for each in principals if each in known)

    ResourceShare.add_principals = add_principals


def is_shared_with(account: str, arn: str) -> bool:
    """Whether an active share gives the resource to the account, by name or through its organisation or a unit."""
    return any(arn in share.resource_arns for share in _shares_with(account))


def shared_with(account: str, region: str) -> list[str]:
    """The ARNs that active shares of the region give to the account, each once."""
    arns = [arn for share in _shares_with(account) if share.region == region for arn in share.resource_arns]
    return list(dict.fromkeys(arns))


def _shares_with(account: str) -> Iterator[Any]:
    """Active shares of other accounts that the account is a principal of."""
    for share in _every_share():
        by_name = any(_includes(principal, account) for principal in share.principals)
        if share.status == "ACTIVE" and share.account_id != account and by_name:
            yield share


def _every_share() -> Iterator[Any]:
    for regions in list(ram_backends.values()):
        for backend in list(regions.values()):
            yield from backend.resource_shares


def _includes(principal: str, account: str) -> bool:
    if ":organization/" in principal:
        return _organization_arn(account) == principal
    if ":ou/" in principal:
        return principal.rsplit("/", 1)[1] in _units_above(account)
    return account in (principal, principal.removeprefix("arn:aws:iam::").partition(":")[0])


def _organization(account: str) -> Any:
    manager, partition = organizations_backends.master_accounts.get(account, (account, "aws"))
    return organizations_backends[manager][partition]


def _organization_arn(account: str) -> str | None:
    organization = _organization(account)
    return str(organization.org.arn) if organization.org else None


def _units_above(account: str) -> set[str]:
    """Ids of the organisational units that the account stands in, however deep."""
    organization = _organization(account)
    parents = {unit.id: unit.parent_id for unit in organization.ou}
    above, unit = set(), next((each.parent_id for each in organization.accounts if each.id == account), None)
    while unit is not None:
        above.add(unit)
        unit = parents.get(unit)
    return above


def _shares(call: Call) -> list[Any]:
    shares: list[Any] = ram_backends[call.account][call.region].resource_shares
    return shares


def _share(call: Call) -> Any:
    arn = call.params["resourceShareArn"]
    for share in _shares(call):
        if share.arn == arn and share.status == "ACTIVE":
            return share
    raise AwsError("UnknownResourceException", f"ResourceShare {arn} could not be found.")


def _described(call: Call, share: Any) -> Answer:
    tags = call.store.beside(share).get("tags", {})
    return {**share.describe(), "tags": [{"key": key, "value": value} for key, value in tags.items()]}


@SERVICE.operation("CreateResourceShare")
def create_resource_share(call: Call) -> Answer:
    share = ResourceShare(call.account, call.region, **call.params)
    share.add_principals(_inside(call, share, call.params.get("principals", [])))
    share.add_resources(call.params.get("resourceArns", []))
    call.store.beside(share)["tags"] = {tag["key"]: tag["value"] for tag in call.params.get("tags", [])}
    for arn in call.params.get("permissionArns", []):
        add_permission(call, share, arn)
    _shares(call).append(share)
    return {"resourceShare": _described(call, share)}


@SERVICE.operation("GetResourceShares")
def get_resource_shares(call: Call) -> Answer:
    wanted, status = call.params.get("resourceShareArns"), call.params.get("resourceShareStatus")
    if call.params["resourceOwner"] == "SELF":
        shares = _shares(call)
    else:
        shares = [share for share in _shares_with(call.account) if share.region == call.region]
    return {
        "resourceShares": [
            _described(call, share)
            for share in shares
            if (not wanted or share.arn in wanted)
            and status in (None, share.status)
            and call.params.get("name", share.name) == share.name
        ]
    }


def _inside(call: Call, share: Any, principals: list[str]) -> list[str]:
    """AWS refuses accounts outside the organisation, unless the share is open to them."""
    if not share.allow_external_principals:
        for principal in principals:
            if principal.isdigit() and _organization_arn(principal) != _organization_arn(call.account):
                raise AwsError("OperationNotPermittedException", f"{principal} is not in the organization")
    return principals


def _associations(share: Any, kind: str, entities: list[str], status: str) -> list[Answer]:
    return [
        {
            "resourceShareArn": share.arn,
            "resourceShareName": share.name,
            "associatedEntity": entity,
            "associationType": kind,
            "status": status,
            "creationTime": share.creation_time,
            "lastUpdatedTime": share.last_updated_time,
            "external": False,
        }
        for entity in entities
    ]


@SERVICE.operation("AssociateResourceShare")
def associate_resource_share(call: Call) -> Answer:
    share = _share(call)
    principals, resources = call.params.get("principals", []), call.params.get("resourceArns", [])
    for arn in resources:
        if arn.split(":")[4] != call.account:
            raise AwsError("OperationNotPermittedException", f"{arn} belongs to another account")
    share.add_principals([each for each in _inside(call, share, principals) if each not in share.principals])
    share.add_resources([each for each in resources if each not in share.resource_arns])
    return _changed(share, principals, resources, "ASSOCIATED")


@SERVICE.operation("DisassociateResourceShare")
def disassociate_resource_share(call: Call) -> Answer:
    share = _share(call)
    principals, resources = call.params.get("principals", []), call.params.get("resourceArns", [])
    share.principals = [each for each in share.principals if each not in principals]
    share.resource_arns = [each for each in share.resource_arns if each not in resources]
    return _changed(share, principals, resources, "DISASSOCIATED")


def _changed(share: Any, principals: list[str], resources: list[str], status: str) -> Answer:
    share.last_updated_time = utcnow()
    return {
        "resourceShareAssociations": [
            *_associations(share, "PRINCIPAL", principals, status),
            *_associations(share, "RESOURCE", resources, status),
        ]
    }


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    tags = call.store.beside(_share(call)).setdefault("tags", {})
    tags.update({tag["key"]: tag["value"] for tag in call.params["tags"]})
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    tags = call.store.beside(_share(call)).setdefault("tags", {})
    for key in call.params["tagKeys"]:
        tags.pop(key, None)
    return {}


@SERVICE.operation("ListResourceSharePermissions")
def list_resource_share_permissions(call: Call) -> Answer:
    return {"permissions": [described(arn) for arn in permissions(call, _share(call))]}


@SERVICE.operation("AssociateResourceSharePermission")
def associate_permission(call: Call) -> Answer:
    arn, replace = call.params["permissionArn"], call.params.get("replace", False)
    add_permission(call, _share(call), arn, replace=replace)
    return {"returnValue": True}


@SERVICE.operation("DisassociateResourceSharePermission")
def disassociate_permission(call: Call) -> Answer:
    remove_permission(call, _share(call), call.params["permissionArn"])
    return {"returnValue": True}


@SERVICE.operation("ListResources")
def list_resources(call: Call) -> Answer:
    """What the caller shares, or what others share with it."""
    own = call.params["resourceOwner"] == "SELF"
    shares = [each for each in (_shares(call) if own else _shares_with(call.account)) if each.region == call.region]
    wanted, among = call.params.get("resourceArns"), call.params.get("resourceShareArns")
    return {
        "resources": [
            {"arn": arn, "resourceShareArn": share.arn, "status": "AVAILABLE", "creationTime": share.creation_time}
            for share in shares
            if share.status == "ACTIVE" and (not among or share.arn in among)
            for arn in share.resource_arns
            if not wanted or arn in wanted
        ]
    }
