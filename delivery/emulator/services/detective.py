"""Detective: graphs, their members and administrators. Nothing is investigated."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from delivery.emulator.administrators import Administrators, refuse_with
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("detective")
_administrators = Administrators(refuse_with("ValidationException"))


def _graphs(call: Call, account: str) -> dict[str, Record]:
    return call.store.table(account, call.region, call.service, "graph")


def _graph(call: Call) -> Record:
    arn = call.params["GraphArn"]
    if arn not in _graphs(call, call.account):
        raise AwsError("ResourceNotFoundException", f"there is no graph {arn}")
    return _graphs(call, call.account)[arn]


def _make(call: Call, account: str, tags: Record) -> str:
    arn = f"arn:aws:detective:{call.region}:{account}:graph:{uuid.uuid4().hex}"
    _graphs(call, account)[arn] = {"created": datetime.now(UTC), "tags": tags, "members": {}, "auto": False}
    return arn


@SERVICE.operation("CreateGraph")
def create_graph(call: Call) -> Answer:
    if _graphs(call, call.account):
        raise AwsError("ConflictException", "the account has a behavior graph in this region already")
    return {"GraphArn": _make(call, call.account, call.params.get("Tags", {}))}


@SERVICE.operation("ListGraphs")
def list_graphs(call: Call) -> Answer:
    graphs = _graphs(call, call.account).items()
    return {"GraphList": [{"Arn": arn, "CreatedTime": graph["created"]} for arn, graph in graphs]}


@SERVICE.operation("DeleteGraph")
def delete_graph(call: Call) -> Answer:
    _graph(call)
    del _graphs(call, call.account)[call.params["GraphArn"]]
    return {}


@SERVICE.operation("EnableOrganizationAdminAccount")
def enable_administrator(call: Call) -> Answer:
    """AWS makes a graph for the administrator where there is none."""
    account = call.params["AccountId"]
    _administrators.enable(call, account)
    if not _graphs(call, account):
        _make(call, account, {})
    return {}


@SERVICE.operation("DisableOrganizationAdminAccount")
def disable_administrator(call: Call) -> Answer:
    _administrators.disable(call)
    return {}


@SERVICE.operation("ListOrganizationAdminAccounts")
def list_administrators(call: Call) -> Answer:
    return {
        "Administrators": [
            {"AccountId": account, "GraphArn": arn, "DelegationTime": graph["created"]}
            for account in _administrators.listed(call)
            for arn, graph in _graphs(call, account).items()
        ]
    }


@SERVICE.operation("UpdateOrganizationConfiguration")
def update_organization(call: Call) -> Answer:
    _administrators.require(call)
    _graph(call)["auto"] = call.params.get("AutoEnable", _graph(call)["auto"])
    return {}


@SERVICE.operation("DescribeOrganizationConfiguration")
def describe_organization(call: Call) -> Answer:
    _administrators.require(call)
    return {"AutoEnable": _graph(call)["auto"]}


@SERVICE.operation("CreateMembers")
def create_members(call: Call) -> Answer:
    """An account of the organisation is a member at once; one that is a member already is not processed."""
    graph, made, left = _graph(call), [], []
    for account in call.params["Accounts"]:
        account_id = account["AccountId"]
        _administrators.member(call, account_id)
        if account_id in graph["members"]:
            left.append({"AccountId": account_id, "Reason": "the account is a member already"})
            continue
        graph["members"][account_id] = member = {
            **account,
            "GraphArn": call.params["GraphArn"],
            "MasterId": call.account,
            "AdministratorId": call.account,
            "Status": "ENABLED",
            "InvitationType": "ORGANIZATION",
            "InvitedTime": datetime.now(UTC),
            "UpdatedTime": datetime.now(UTC),
        }
        made.append(member)
    return {"Members": made, "UnprocessedAccounts": left}


def _sorted_out(call: Call) -> tuple[list[str], list[Record]]:
    members, asked = _graph(call)["members"], call.params["AccountIds"]
    missing = [{"AccountId": one, "Reason": "the account is no member"} for one in asked if one not in members]
    return [one for one in asked if one in members], missing


@SERVICE.operation("GetMembers")
def get_members(call: Call) -> Answer:
    found, missing = _sorted_out(call)
    return {"MemberDetails": [_graph(call)["members"][one] for one in found], "UnprocessedAccounts": missing}


@SERVICE.operation("ListMembers")
def list_members(call: Call) -> Answer:
    return {"MemberDetails": list(_graph(call)["members"].values())}


@SERVICE.operation("DeleteMembers")
def delete_members(call: Call) -> Answer:
    found, missing = _sorted_out(call)
    for account in found:
        del _graph(call)["members"][account]
    return {"AccountIds": found, "UnprocessedAccounts": missing}


def _tags(call: Call) -> Record:
    arn = call.params["ResourceArn"]
    if arn not in _graphs(call, call.account):
        raise AwsError("ResourceNotFoundException", f"there is no graph {arn}")
    tags: Record = _graphs(call, call.account)[arn]["tags"]
    return tags


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    _tags(call).update(call.params["Tags"])
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    for key in call.params["TagKeys"]:
        _tags(call).pop(key, None)
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    return {"Tags": _tags(call)}
