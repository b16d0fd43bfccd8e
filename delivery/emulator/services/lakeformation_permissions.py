"""Lake Formation's permissions, kept in the catalogue of the resource. Nobody is let in or kept out by them here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from delivery.emulator import catalogue
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.lakeformation import CROSS_ACCOUNT, kept, settings
from delivery.emulator.services.lakeformation_filters import data_cells_filter
from delivery.emulator.services.lakeformation_resources import Target, resolve
from delivery.emulator.store import Record

SERVICE = Service("lakeformation")
_FROM_VERSION_3 = ("1", "2")
_BOTH = ("Permissions", "PermissionsWithGrantOption")
_TYPES = {
    "CATALOG": ("Catalog",),
    "DATABASE": ("Database",),
    "TABLE": ("Table", "TableWithColumns"),
    "DATA_LOCATION": ("DataLocation",),
    "LF_TAG": ("LFTag",),
    "LF_TAG_POLICY": ("LFTagPolicy",),
    "LF_TAG_POLICY_DATABASE": ("LFTagPolicy",),
    "LF_TAG_POLICY_TABLE": ("LFTagPolicy",),
    "LF_NAMED_TAG_EXPRESSION": (),
}


def _require_principal(call: Call, principal: str) -> None:
    """A role of this account exists; one of another account needs a version of sharing that can name it."""
    if principal == "IAM_ALLOWED_PRINCIPALS" or not principal.startswith("arn:aws:iam::"):
        return
    account = principal.split(":")[4]
    if account != call.account and settings(call)["Parameters"][CROSS_ACCOUNT] in _FROM_VERSION_3:
        raise AwsError("InvalidInputException", f"{principal} is of another account: {CROSS_ACCOUNT} 3 can name it")
    catalogue.require_role(principal, of=call.account)


def _all(target: Target, names: list[str]) -> set[str]:
    """`ALL` with what it stands for, as AWS keeps it."""
    wrong = set(names) - {*target.permissions, "ALL"}
    if wrong:
        raise AwsError("InvalidInputException", f"{', '.join(sorted(wrong))} cannot be granted on {target.kind}")
    return {*names, *target.permissions} if "ALL" in names else set(names)


def _pieces(target: Target, names: set[str]) -> Iterator[tuple[str, Record, set[str]]]:
    """SELECT on a whole table is kept as SELECT on all its columns, the rest on the table."""
    if target.kind != "Table" or "SELECT" not in names:
        yield target.kind, target.body, names
        return
    if rest := names - {"SELECT"}:
        yield "Table", target.body, rest
    body = {name: value for name, value in target.body.items() if name != "TableWildcard"}
    yield "TableWithColumns", {**body, "ColumnWildcard": {}}, {"SELECT"}


def grant_defaults(call: Call, resource: Record, defaults: list[Record]) -> None:
    """What a new database or table gives by itself; AWS grants it with the resource."""
    for each in defaults:
        if each.get("Permissions"):
            _change(call, {**each, "Resource": resource}, grant=True)


def _change(call: Call, entry: Record, *, grant: bool) -> None:
    """One grant or its end, checked whole before anything is kept."""
    target = resolve(call, entry["Resource"])
    principal = entry["Principal"]["DataLakePrincipalIdentifier"]
    if grant:
        _require_principal(call, principal)
    wanted = {name: _all(target, entry.get(name, [])) for name in _BOTH}
    if grant and not wanted["PermissionsWithGrantOption"] <= wanted["Permissions"]:
        raise AwsError("InvalidInputException", "the grant option goes with permissions that are granted")
    if not any(wanted.values()):
        raise AwsError("InvalidInputException", "no permission is named")
    granted, found = kept(call, "permission"), False
    for name in _BOTH:
        for kind, body, names in _pieces(target, wanted[name]):
            key = json.dumps([principal, kind, body], sort_keys=True)
            record = granted.setdefault(
                key,
                {"principal": principal, "kind": kind, "body": body, "held_by": target.held_by, **dict.fromkeys(_BOTH)},
            )
            before = set(record[name] or ())
            found = found or bool(before & names)
            record[name] = before | names if grant else before - names
            if not any(record[each] for each in _BOTH):
                del granted[key]
    if not grant and not found:
        raise AwsError("InvalidInputException", f"No permissions revoked. Grantee has no permissions on {target.kind}")


@SERVICE.operation("GrantPermissions")
def grant_permissions(call: Call) -> Answer:
    catalogue.own(call, call.params.get("CatalogId"))
    _change(call, call.params, grant=True)
    return {}


@SERVICE.operation("RevokePermissions")
def revoke_permissions(call: Call) -> Answer:
    catalogue.own(call, call.params.get("CatalogId"))
    _change(call, call.params, grant=False)
    return {}


@SERVICE.operation("BatchGrantPermissions", "BatchRevokePermissions")
def batch(call: Call) -> Answer:
    catalogue.own(call, call.params.get("CatalogId"))
    failures = []
    for entry in call.params["Entries"]:
        try:
            _change(call, entry, grant=call.operation == "BatchGrantPermissions")
        except AwsError as error:
            told = {"ErrorCode": error.code, "ErrorMessage": error.message}
            failures.append({"RequestEntry": entry, "Error": told})
    return {"Failures": failures}


def _is_there(call: Call, record: Record) -> bool:
    """Whether the database, table or filter that was granted on is still there, and the table no other of its name."""
    body = record["body"]
    try:
        if record["kind"] == "Database" or body.get("Name") == "ALL_TABLES":
            return catalogue.database(call, body.get("DatabaseName", body["Name"])) is record["held_by"]
        if record["kind"] == "DataCellsFilter":
            data_cells_filter(call, body["DatabaseName"], body["TableName"], body["Name"])
        if record["held_by"] is not None:
            table = body.get("TableName", body["Name"])
            return catalogue.table(call, body["DatabaseName"], table) is record["held_by"]
    except AwsError:
        return False
    return True


def permissions(call: Call) -> list[Record]:
    """All that is granted in the caller's catalogue on what is there."""
    granted = kept(call, "permission")
    for key in [key for key, record in granted.items() if not _is_there(call, record)]:
        del granted[key]
    return list(granted.values())


def _concerns(record: Record, target: Target, *, related: bool) -> bool:
    """Whether a permission is one of the resource asked for: a table's are also those on its columns."""
    if target.kind == "Table" and record["kind"] == "TableWithColumns":
        return all(record["body"][name] == target.body[name] for name in ("DatabaseName", "Name"))
    if target.kind == "Table" and record["kind"] == "DataCellsFilter" and related:
        body = record["body"]
        return bool([body["DatabaseName"], body["TableName"]] == [target.body["DatabaseName"], target.body["Name"]])
    if target.kind == "LFTag" and record["kind"] == "LFTag":
        return bool(record["body"]["TagKey"] == target.body["TagKey"])
    return bool((record["kind"], record["body"]) == (target.kind, target.body))


def _of_type(record: Record, wanted: str) -> bool:
    about = wanted.removeprefix("LF_TAG_POLICY_")
    return record["kind"] in _TYPES[wanted] and (about == wanted or record["body"]["ResourceType"] == about)


@SERVICE.operation("ListPermissions")
def list_permissions(call: Call) -> Answer:
    catalogue.own(call, call.params.get("CatalogId"))
    found = permissions(call)
    if principal := call.params.get("Principal"):
        found = [each for each in found if each["principal"] == principal["DataLakePrincipalIdentifier"]]
    if wanted := call.params.get("ResourceType"):
        found = [each for each in found if _of_type(each, wanted)]
    if resource := call.params.get("Resource"):
        target = resolve(call, resource)
        related = call.params.get("IncludeRelated") == "TRUE"
        found = [each for each in found if _concerns(each, target, related=related)]
    return {"PrincipalResourcePermissions": [_shown(each) for each in found]}


def _shown(record: Record) -> Answer:
    answer: dict[str, Any] = {name: sorted(record[name] or ()) for name in _BOTH}
    principal = {"DataLakePrincipalIdentifier": record["principal"]}
    return {"Principal": principal, "Resource": {record["kind"]: record["body"]}, **answer}
