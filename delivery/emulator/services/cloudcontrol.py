"""Cloud Control: resources of the types that are registered here, kept as given and checked by their schemas."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

from delivery.emulator.json_patch import patched, steps
from delivery.emulator.resource_types import Properties, ResourceType
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.cloudcontrol_guard_hook import GUARD_HOOK
from delivery.emulator.services.cloudcontrol_job_definitions import JOB_DEFINITIONS
from delivery.emulator.services.cloudcontrol_model_card import MODEL_CARD
from delivery.emulator.services.controltower import identifier
from delivery.emulator.services.controltower_controls import unit_exists

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
TYPES = {kind.name: kind for kind in (ENABLED_BASELINE, GUARD_HOOK, MODEL_CARD, *JOB_DEFINITIONS)}


def _kind(call: Call) -> ResourceType:
    try:
        return TYPES[call.params["TypeName"]]
    except KeyError:
        raise AwsError("TypeNotFoundException", f"the emulator knows no {call.params['TypeName']}") from None


def _resource(call: Call) -> Properties:
    kind, wanted = _kind(call), call.params["Identifier"]
    kept = kind.kept(call, kind.name)
    if wanted not in kept:
        raise AwsError("ResourceNotFoundException", f"there is no {kind.name} {wanted}")
    return kept[wanted]


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
    kept, whole = kind.kept(call, kind.name), {**properties, **kind.read_only(call, properties)}
    same = (all(each.get(name) == properties.get(name) for name in kind.fixed) for each in kept.values())
    if whole[kind.identifier] in kept or any(same):
        raise AwsError("AlreadyExistsException", f"{kind.name} exists already")
    kept[whole[kind.identifier]] = whole
    return _done(call, "CREATE", whole[kind.identifier])


@SERVICE.operation("GetResource")
def get_resource(call: Call) -> Answer:
    description = {"Identifier": call.params["Identifier"], "Properties": json.dumps(_resource(call))}
    return {"TypeName": call.params["TypeName"], "ResourceDescription": description}


@SERVICE.operation("UpdateResource")
def update_resource(call: Call) -> Answer:
    kind, found = _kind(call), _resource(call)
    changes = json.loads(call.params["PatchDocument"])
    for change in changes:
        if steps(change["path"])[0] in kind.fixed | kind.assigned:
            raise AwsError("InvalidRequestException", f"cannot {change['op']} {change['path']}")
    try:
        whole = patched(found, changes)
    except ValueError as error:
        raise AwsError("InvalidRequestException", str(error)) from None
    _checked(call, kind, {name: value for name, value in whole.items() if name not in kind.assigned})
    kind.kept(call, kind.name)[call.params["Identifier"]] = whole
    return _done(call, "UPDATE", call.params["Identifier"])


@SERVICE.operation("DeleteResource")
def delete_resource(call: Call) -> Answer:
    _resource(call)
    kind = _kind(call)
    del kind.kept(call, kind.name)[call.params["Identifier"]]
    return _done(call, "DELETE", call.params["Identifier"])


@SERVICE.operation("GetResourceRequestStatus")
def get_resource_request_status(call: Call) -> Answer:
    token = call.params["RequestToken"]
    if token not in call.table("request"):
        raise AwsError("RequestTokenNotFoundException", f"there is no request {token}")
    return {"ProgressEvent": call.table("request")[token]}
