"""Control Tower: the landing zone is kept as given; nothing is deployed into any account."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("controltower")

ROLES = ("AWSControlTowerAdmin", "AWSControlTowerCloudTrailRole", "AWSControlTowerStackSetRole")
# What a manifest of each version may hold, and what it must (AWS Control Tower User Guide, "Landing zone schemas").
_PARTS = frozenset({"accessManagement", "backup", "centralizedLogging", "config", "securityRoles"})
_ALLOWED = {
    "3.3": _PARTS - {"config"} | {"governedRegions", "organizationStructure"},
    "4.0": _PARTS | {"governedRegions"},
}
_NEEDED = {"3.3": {"centralizedLogging", "organizationStructure", "securityRoles"}, "4.0": set[str]()}
_WITH_ACCOUNT = ("centralizedLogging", "config", "securityRoles")


def identifier() -> str:
    """The last part of an ARN, as Control Tower makes them."""
    return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(16))


def operation(call: Call, kind: str, **about: str) -> str:
    """Keep an operation that has ended well; returns its identifier."""
    token = "-".join(secrets.token_hex(size) for size in (4, 2, 2, 2, 6))
    now = datetime.now(UTC)
    times = {"startTime": now, "endTime": now}
    call.table("operation")[token] = {
        "operationIdentifier": token,
        "operationType": kind,
        "status": "SUCCEEDED",
        **times,
        **about,
    }
    return token


def ended(call: Call, *kinds: str) -> Record:
    """The operation that the call asks for. Raises ResourceNotFoundException when none of these kinds has its id."""
    found = call.table("operation").get(call.params["operationIdentifier"])
    if found is None or found["operationType"] not in kinds:
        raise AwsError("ResourceNotFoundException", f"there is no operation {call.params['operationIdentifier']}")
    return found


def invalid(message: str) -> AwsError:
    """The error of an input that the service model lets pass and the service does not."""
    return AwsError("ValidationException", message)


def _on(part: Any, version: str) -> bool:
    """Whether a part of the manifest is switched on; in version 3.3 its being there does that."""
    return part is not None and bool(part.get("enabled", version == "3.3"))


def _check(call: Call) -> None:
    """Refuse a manifest that is none of its version, or that names accounts or needs roles which are not there."""
    manifest, version = call.params["manifest"], call.params["version"]
    if version not in _ALLOWED:
        raise invalid(f"there is no landing zone version {version}")
    if unknown := set(manifest) - _ALLOWED[version]:
        raise invalid(f"the manifest of version {version} has no {', '.join(sorted(unknown))}")
    if missing := _NEEDED[version] - set(manifest):
        raise invalid(f"the manifest of version {version} needs {', '.join(sorted(missing))}")
    parts = {name: part for name, part in manifest.items() if name in _PARTS}
    if version != "3.3":
        _check_switches(parts)
    _check_accounts(call, parts, version)
    held = {role.name for role in iam_backends[call.account]["aws"].roles.values() if role.path == "/service-role/"}
    if lacking := [role for role in ROLES if role not in held]:
        raise invalid(f"the service roles {', '.join(lacking)} are missing")


def _check_switches(parts: dict[str, Any]) -> None:
    for name, part in parts.items():
        if not isinstance(part.get("enabled"), bool):
            raise invalid(f"{name}.enabled is required")
    late = [name for name in ("accessManagement", "backup", "securityRoles") if _on(parts.get(name), "4.0")]
    if late and not _on(parts.get("config"), "4.0"):
        raise invalid(f"{', '.join(late)} cannot be enabled without config")


def _check_accounts(call: Call, parts: dict[str, Any], version: str) -> None:
    members = {account.id for account in organizations_backends[call.account]["aws"].accounts} - {call.account}
    used = [name for name in _WITH_ACCOUNT if (version == "3.3" and name in parts) or _on(parts.get(name), version)]
    for name in used:
        if parts[name].get("accountId") not in members:
            raise invalid(f"{name}.accountId is no member account of the organization")
    logs, roles = (parts.get(name, {}).get("accountId") for name in ("centralizedLogging", "securityRoles"))
    if logs is not None and logs == roles:
        raise invalid("centralizedLogging and securityRoles need different accounts")


def _zone(call: Call) -> Record:
    """The landing zone, by its ARN or by the last part of it, as Terraform does."""
    wanted = call.params["landingZoneIdentifier"]
    for arn, zone in call.table("zone").items():
        if wanted in (arn, arn.rpartition("/")[2]):
            return zone
    raise AwsError("ResourceNotFoundException", f"there is no landing zone {wanted}")


@SERVICE.operation("CreateLandingZone")
def create_landing_zone(call: Call) -> Answer:
    if call.table("zone"):
        raise AwsError("ConflictException", "the organization has a landing zone already")
    _check(call)
    arn = f"arn:aws:controltower:{call.region}:{call.account}:landingzone/{identifier()}"
    call.table("zone")[arn] = {
        "arn": arn,
        "manifest": call.params["manifest"],
        "version": call.params["version"],
        "status": "ACTIVE",
        "latestAvailableVersion": max(_ALLOWED),
        "driftStatus": {"status": "IN_SYNC"},
    }
    call.table("tags")[arn] = dict(call.params.get("tags", {}))
    return {"arn": arn, "operationIdentifier": operation(call, "CREATE")}


@SERVICE.operation("UpdateLandingZone")
def update_landing_zone(call: Call) -> Answer:
    zone = _zone(call)
    _check(call)
    if call.params["version"] < zone["version"]:
        raise invalid(f"a landing zone of version {zone['version']} cannot go back to {call.params['version']}")
    zone.update(manifest=call.params["manifest"], version=call.params["version"])
    return {"operationIdentifier": operation(call, "UPDATE")}


@SERVICE.operation("GetLandingZone")
def get_landing_zone(call: Call) -> Answer:
    return {"landingZone": _zone(call)}


@SERVICE.operation("ListLandingZones")
def list_landing_zones(call: Call) -> Answer:
    return {"landingZones": [{"arn": arn} for arn in call.table("zone")]}


@SERVICE.operation("DeleteLandingZone")
def delete_landing_zone(call: Call) -> Answer:
    zone = _zone(call)
    if call.table("control") or call.store.table(call.account, call.region, "cloudcontrol", "resource"):
        raise AwsError("ConflictException", "units are governed still: disable their controls and baselines first")
    del call.table("zone")[zone["arn"]]
    return {"operationIdentifier": operation(call, "DELETE")}


@SERVICE.operation("GetLandingZoneOperation")
def get_landing_zone_operation(call: Call) -> Answer:
    return {"operationDetails": ended(call, "CREATE", "UPDATE", "DELETE")}


def _tags(call: Call) -> Record:
    arn = call.params["resourceArn"]
    if arn not in call.table("zone") and arn not in call.table("control"):
        raise AwsError("ResourceNotFoundException", f"there is no {arn}")
    return call.table("tags").setdefault(arn, {})


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    _tags(call).update(call.params["tags"])
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    for key in call.params["tagKeys"]:
        _tags(call).pop(key, None)
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Answer:
    return {"tags": _tags(call)}
