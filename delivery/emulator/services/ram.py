"""Resource Access Manager: associations and tags of shares, of which moto keeps none, and who sees what is shared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.utils import utcnow
from moto.organizations.models import organizations_backends
from moto.ram.models import ResourceShare, ram_backends

from delivery.emulator.service import Answer, AwsError, Call, Service

SERVICE = Service("ram")
SHAREABLE = ("firewall-policy", "firewall-rule-group", "ipam-pool", "profile", "resolver-query-log-config")


@SERVICE.mend
def more_is_shareable() -> None:
    """AWS shares more types of resources than moto lists."""
    ResourceShare.SHAREABLE_RESOURCES = [*ResourceShare.SHAREABLE_RESOURCES, *SHAREABLE]


def is_shared_with(account: str, arn: str) -> bool:
    """Whether an active share gives the resource to the account, by name or through its organisation or a unit."""
    return any(
        arn in share.resource_arns and any(_includes(principal, account) for principal in share.principals)
        for share in _every_share()
        if share.status == "ACTIVE"
    )


def _every_share() -> Iterator[Any]:
    for regions in list(ram_backends.values()):
        for backend in list(regions.values()):
            yield from backend.resource_shares


def _includes(principal: str, account: str) -> bool:
    if ":organization/" in principal:
        return _organization_arn(account) == principal
    if ":ou/" in principal:
        return principal.rsplit("/", 1)[1] in _units_above(account)
    return principal == account


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
    _shares(call).append(share)
    return {"resourceShare": _described(call, share)}


@SERVICE.operation("GetResourceShares")
def get_resource_shares(call: Call) -> Answer:
    wanted, status = call.params.get("resourceShareArns"), call.params.get("resourceShareStatus")
    if call.params["resourceOwner"] == "SELF":
        shares = _shares(call)
    else:
        shares = [
            share
            for share in _every_share()
            if share.account_id != call.account
            and share.region == call.region
            and any(_includes(principal, call.account) for principal in share.principals)
        ]
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


@SERVICE.operation("ListResourceSharePermissions")
def list_resource_share_permissions(call: Call) -> Answer:
    """The one permission of AWS for each type of resource in the share; nobody sets others here."""
    _share(call)
    return {"permissions": []}


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
