"""Control Tower's controls on organisational units: kept as given; no control acts."""

from __future__ import annotations

import re

from moto.organizations.models import organizations_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.controltower import ended, identifier, invalid, operation
from delivery.emulator.store import Record

SERVICE = Service("controltower")
_UNIT = re.compile(r"arn:aws[a-z-]*:organizations::(\d{12}):ou/(o-[a-z0-9]+)/(ou-[a-z0-9]+-[a-z0-9]+)")
_CONTROL = re.compile(r"arn:aws[a-z-]*:(controlcatalog::|controltower:[a-z0-9-]+:):control/[A-Za-z0-9_-]+")


def unit_exists(call: Call, arn: str) -> bool:
    """Whether the ARN is that of a unit of the caller's organisation."""
    backend = organizations_backends[call.account]["aws"]
    found = _UNIT.fullmatch(arn)
    units = {unit.id for unit in backend.ou}
    return bool(found and backend.org and found.group(2) == backend.org.id and found.group(3) in units)


def _summary(control: Record) -> Answer:
    return {name: value for name, value in control.items() if name not in ("parameters", "targetRegions")}


def _find(call: Call, target: str, control: str) -> Record:
    for enabled in call.table("control").values():
        if (enabled["targetIdentifier"], enabled["controlIdentifier"]) == (target, control):
            return enabled
    raise AwsError("ResourceNotFoundException", f"{control} is not enabled on {target}")


def _by_arn(call: Call) -> Record:
    arn = call.params["enabledControlIdentifier"]
    if arn not in call.table("control"):
        raise AwsError("ResourceNotFoundException", f"there is no enabled control {arn}")
    return call.table("control")[arn]


@SERVICE.operation("EnableControl")
def enable_control(call: Call) -> Answer:
    control, target = call.params["controlIdentifier"], call.params["targetIdentifier"]
    if not call.table("zone"):
        raise invalid("there is no landing zone")
    if not _CONTROL.fullmatch(control):
        raise invalid(f"{control} is the ARN of no control")
    if not unit_exists(call, target):
        raise AwsError("ResourceNotFoundException", f"the organization has no unit {target}")
    if any(
        (each["targetIdentifier"], each["controlIdentifier"]) == (target, control)
        for each in call.table("control").values()
    ):
        raise AwsError("ConflictException", f"{control} is enabled on {target} already")
    arn = f"arn:aws:controltower:{call.region}:{call.account}:enabledcontrol/{identifier()}"
    token = operation(call, "ENABLE_CONTROL", controlIdentifier=control, targetIdentifier=target)
    call.table("control")[arn] = {
        "arn": arn,
        "controlIdentifier": control,
        "targetIdentifier": target,
        "parameters": call.params.get("parameters", []),
        "statusSummary": {"status": "SUCCEEDED", "lastOperationIdentifier": token},
        "driftStatusSummary": {"driftStatus": "IN_SYNC"},
        "targetRegions": [{"name": call.region}],
    }
    call.table("tags")[arn] = dict(call.params.get("tags", {}))
    return {"arn": arn, "operationIdentifier": token}


@SERVICE.operation("UpdateEnabledControl")
def update_enabled_control(call: Call) -> Answer:
    _by_arn(call)["parameters"] = call.params["parameters"]
    return {"operationIdentifier": operation(call, "UPDATE_ENABLED_CONTROL")}


@SERVICE.operation("DisableControl")
def disable_control(call: Call) -> Answer:
    found = _find(call, call.params["targetIdentifier"], call.params["controlIdentifier"])
    del call.table("control")[found["arn"]]
    return {"operationIdentifier": operation(call, "DISABLE_CONTROL")}


@SERVICE.operation("GetEnabledControl")
def get_enabled_control(call: Call) -> Answer:
    return {"enabledControlDetails": _by_arn(call)}


@SERVICE.operation("ListEnabledControls")
def list_enabled_controls(call: Call) -> Answer:
    target = call.params.get("targetIdentifier")
    wanted = call.params.get("filter", {}).get("controlIdentifiers")
    return {
        "enabledControls": [
            _summary(control)
            for control in call.table("control").values()
            if target in (None, control["targetIdentifier"]) and (not wanted or control["controlIdentifier"] in wanted)
        ]
    }


@SERVICE.operation("GetControlOperation")
def get_control_operation(call: Call) -> Answer:
    return {"controlOperation": ended(call, "ENABLE_CONTROL", "UPDATE_ENABLED_CONTROL", "DISABLE_CONTROL")}
