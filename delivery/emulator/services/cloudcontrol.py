"""Cloud Control: resources of the types that are registered here, kept as given and checked by their schemas."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

from delivery.emulator.resource_types import Properties, ResourceType
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.cloudcontrol_guard_hook import GUARD_HOOK
from delivery.emulator.services.controltower import identifier
from delivery.emulator.services.controltower_controls import unit_exists
from delivery.emulator.store import Record

SERVICE = Service("cloudcontrol")
_BASELINE = re.compile(r"arn:aws[a-z-]*:controltower:[a-z0-9-]+::baseline/[A-Z0-9]{16}")


def _baseline_faults(call: Call, properties: Properties) -> Iterator[str]:
    if not call.store.table(call.account, call.region, "controltower", "zone"):
        yield "there is no landing zone"
    if not _BASELINE.fullmatch(properties["BaselineIdentifier"]):
        yield f"{properties['BaselineIdentifier']} is the ARN of no baseline"
    if not unit_exists(call, properties["TargetIdentifier"]):
        yield f"the organization has no unit {properties['TargetIdentifier']}"


ENABLED_BASELINE = ResourceType(
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-controltower-enabledbaseline.html
    schema={
        "typeName": "AWS::ControlTower::EnabledBaseline",
        "description": "A baseline of Control Tower on a target",
        "additionalProperties": False,
        "properties": {
            "BaselineIdentifier": {"type": "string"},
            "BaselineVersion": {"type": "string"},
            "EnabledBaselineIdentifier": {"type": "string"},
            "Parameters": {"type": "array", "items": {"type": "object"}},
            "Tags": {"type": "array", "items": {"type": "object"}},
            "TargetIdentifier": {"type": "string"},
        },
        "required": ["BaselineIdentifier", "TargetIdentifier", "BaselineVersion"],
        "readOnlyProperties": ["/properties/EnabledBaselineIdentifier"],
        "createOnlyProperties": ["/properties/BaselineIdentifier", "/properties/TargetIdentifier"],
        "primaryIdentifier": ["/properties/EnabledBaselineIdentifier"],
    },
    check=_baseline_faults,
    read_only=lambda call, properties: {
        "EnabledBaselineIdentifier": f"arn:aws:controltower:{call.region}:{call.account}:enabledbaseline/{identifier()}"
    },
)
TYPES = {kind.name: kind for kind in (ENABLED_BASELINE, GUARD_HOOK)}


def _kind(call: Call) -> ResourceType:
    try:
        return TYPES[call.params["TypeName"]]
    except KeyError:
        raise AwsError("TypeNotFoundException", f"the emulator knows no {call.params['TypeName']}") from None


def _resource(call: Call) -> Record:
    name, found = _kind(call).name, call.table("resource").get(call.params["Identifier"])
    if found is None or found["TypeName"] != name:
        raise AwsError("ResourceNotFoundException", f"there is no {name} {call.params['Identifier']}")
    return found


def _checked(call: Call, kind: ResourceType, properties: Properties) -> None:
    if wrong := [*kind.faults(properties)] or [*kind.check(call, properties)]:
        raise AwsError("InvalidRequestException", "; ".join(wrong))


def _done(call: Call, verb: str, found: str) -> Answer:
    event = {
        "TypeName": call.params["TypeName"],
        "Identifier": found,
        "RequestToken": "-".join(secrets.token_hex(size) for size in (4, 2, 2, 2, 6)),
        "Operation": verb,
        "OperationStatus": "SUCCESS",
        "EventTime": datetime.now(UTC),
    }
    call.table("request")[str(event["RequestToken"])] = event
    return {"ProgressEvent": event}


@SERVICE.operation("CreateResource")
def create_resource(call: Call) -> Answer:
    kind, properties = _kind(call), json.loads(call.params["DesiredState"])
    _checked(call, kind, properties)
    fixed = [str(pointer).removeprefix("/properties/") for pointer in kind.schema["createOnlyProperties"]]
    for each in call.table("resource").values():
        same = all(each["Properties"].get(name) == properties.get(name) for name in fixed)
        if each["TypeName"] == kind.name and same:
            raise AwsError("AlreadyExistsException", f"{kind.name} exists already")
    whole = {**properties, **kind.read_only(call, properties)}
    call.table("resource")[whole[kind.identifier]] = {"TypeName": kind.name, "Properties": whole}
    return _done(call, "CREATE", whole[kind.identifier])


@SERVICE.operation("GetResource")
def get_resource(call: Call) -> Answer:
    properties = _resource(call)["Properties"]
    description = {"Identifier": call.params["Identifier"], "Properties": json.dumps(properties)}
    return {"TypeName": call.params["TypeName"], "ResourceDescription": description}


@SERVICE.operation("UpdateResource")
def update_resource(call: Call) -> Answer:
    kind, found = _kind(call), _resource(call)
    fixed = {str(pointer) for pointer in kind.schema["createOnlyProperties"]}
    properties = {**found["Properties"]}
    assigned = properties.pop(kind.identifier)
    for change in json.loads(call.params["PatchDocument"]):
        name = change["path"].removeprefix("/")
        if f"/properties/{name}" in fixed or "/" in name or change["op"] not in ("add", "remove", "replace"):
            raise AwsError("InvalidRequestException", f"cannot {change['op']} {change['path']}")
        properties.pop(name, None)
        if change["op"] != "remove":
            properties[name] = change["value"]
    _checked(call, kind, properties)
    found["Properties"] = {**properties, kind.identifier: assigned}
    return _done(call, "UPDATE", assigned)


@SERVICE.operation("DeleteResource")
def delete_resource(call: Call) -> Answer:
    _resource(call)
    del call.table("resource")[call.params["Identifier"]]
    return _done(call, "DELETE", call.params["Identifier"])


@SERVICE.operation("GetResourceRequestStatus")
def get_resource_request_status(call: Call) -> Answer:
    token = call.params["RequestToken"]
    if token not in call.table("request"):
        raise AwsError("RequestTokenNotFoundException", f"there is no request {token}")
    return {"ProgressEvent": call.table("request")[token]}
