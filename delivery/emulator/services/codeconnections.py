"""CodeConnections: connections and their tags. Each waits for ever for the person who completes it in the console."""

from __future__ import annotations

import uuid

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("codeconnections")


def _connection(call: Call, member: str = "ConnectionArn") -> Record:
    arn = call.params[member]
    if arn not in call.table("connection"):
        raise AwsError("ResourceNotFoundException", f"there is no connection {arn}")
    return call.table("connection")[arn]


@SERVICE.operation("CreateConnection")
def create(call: Call) -> Answer:
    name = call.params["ConnectionName"]
    if any(each["shown"]["ConnectionName"] == name for each in call.table("connection").values()):
        raise AwsError("InvalidInputException", f"there is a connection {name} already")
    arn = f"arn:aws:codeconnections:{call.region}:{call.account}:connection/{uuid.uuid4()}"
    given = ("ConnectionName", "ProviderType", "HostArn")
    shown: Record = {key: call.params[key] for key in given if key in call.params}
    shown |= {"ConnectionArn": arn, "OwnerAccountId": call.account, "ConnectionStatus": "PENDING"}
    tags = {each["Key"]: each["Value"] for each in call.params.get("Tags", [])}
    call.table("connection")[arn] = {"shown": shown, "tags": tags}
    return {"ConnectionArn": arn, "Tags": call.params.get("Tags", [])}


@SERVICE.operation("GetConnection")
def get(call: Call) -> Answer:
    return {"Connection": _connection(call)["shown"]}


@SERVICE.operation("DeleteConnection")
def delete(call: Call) -> Answer:
    _connection(call)
    del call.table("connection")[call.params["ConnectionArn"]]
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    tags = _connection(call, "ResourceArn")["tags"]
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@SERVICE.operation("TagResource")
def tag(call: Call) -> Answer:
    _connection(call, "ResourceArn")["tags"].update({each["Key"]: each["Value"] for each in call.params["Tags"]})
    return {}


@SERVICE.operation("UntagResource")
def untag(call: Call) -> Answer:
    for key in call.params["TagKeys"]:
        _connection(call, "ResourceArn")["tags"].pop(key, None)
    return {}
