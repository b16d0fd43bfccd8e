"""X-Ray: groups and their tags. No trace is sorted, and nothing is found in them."""

from __future__ import annotations

import uuid

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("xray")
_SHOWN = ("GroupName", "GroupARN", "FilterExpression", "InsightsConfiguration")


@SERVICE.operation("CreateGroup")
def create_group(call: Call) -> Answer:
    given = call.params
    if any(group["GroupName"] == given["GroupName"] for group in call.table("group").values()):
        raise AwsError("InvalidRequestException", f"there is a group {given['GroupName']} already")
    arn = f"arn:aws:xray:{call.region}:{call.account}:group/{given['GroupName']}/{uuid.uuid4().hex[:26].upper()}"
    call.table("group")[arn] = group = {
        "GroupName": given["GroupName"],
        "GroupARN": arn,
        "FilterExpression": given.get("FilterExpression", ""),
        "InsightsConfiguration": _insights(given),
        "tags": {tag["Key"]: tag["Value"] for tag in given.get("Tags", [])},
    }
    return _shown(group)


@SERVICE.operation("GetGroup")
def get_group(call: Call) -> Answer:
    return _shown(_group(call))


@SERVICE.operation("UpdateGroup")
def update_group(call: Call) -> Answer:
    group = _group(call)
    group["FilterExpression"] = call.params.get("FilterExpression", group["FilterExpression"])
    if "InsightsConfiguration" in call.params:
        group["InsightsConfiguration"] = _insights(call.params)
    return _shown(group)


@SERVICE.operation("DeleteGroup")
def delete_group(call: Call) -> Answer:
    del call.table("group")[_group(call)["GroupARN"]]
    return {}


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    _tags(call).update({tag["Key"]: tag["Value"] for tag in call.params["Tags"]})
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    for key in call.params["TagKeys"]:
        _tags(call).pop(key, None)
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tags(call).items()]}


def _insights(given: Record) -> Record:
    """Off, as AWS has them for a group that says nothing of insights."""
    return {"InsightsEnabled": False, "NotificationsEnabled": False, **given.get("InsightsConfiguration", {})}


def _group(call: Call) -> Record:
    for group in call.table("group").values():
        if call.params.get("GroupARN") == group["GroupARN"] or call.params.get("GroupName") == group["GroupName"]:
            return group
    raise AwsError("InvalidRequestException", "Group not found")  # in these words Terraform knows it is gone


def _tags(call: Call) -> Record:
    arn = call.params["ResourceARN"]
    if arn not in call.table("group"):
        raise AwsError("ResourceNotFoundException", f"there is no group {arn}")
    tags: Record = call.table("group")[arn]["tags"]
    return tags


def _shown(group: Record) -> Answer:
    return {"Group": {name: group[name] for name in _SHOWN}}
