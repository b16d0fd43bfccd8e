"""What a permission or an opt-in of Lake Formation is about, written as the service gives it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from delivery.emulator import catalogue
from delivery.emulator.service import AwsError, Call
from delivery.emulator.services.lakeformation import registered
from delivery.emulator.services.lakeformation_filters import data_cells_filter
from delivery.emulator.services.lakeformation_tags import require_values
from delivery.emulator.store import Record

ALL_TABLES = "ALL_TABLES"
_DATABASE = ("ALTER", "CREATE_TABLE", "DESCRIBE", "DROP")
_TABLE = ("ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT")
_LINK = ("DESCRIBE", "DROP")


@dataclass(frozen=True)
class Target:
    """One resource of the caller's catalogue that exists.

    `kind` is its member of the API's `Resource`, `body` what stands below, with the catalogue and in one order.
    `permissions` can be granted on it. `held_by` is what it goes down with: moto's database or table, if any.
    """

    kind: str
    body: Record
    permissions: tuple[str, ...]
    held_by: Any = None

    @property
    def resource(self) -> dict[str, Record]:
        """As the API writes it."""
        return {self.kind: self.body}


def resolve(call: Call, resource: dict[str, Record]) -> Target:
    """Raises EntityNotFoundException for what does not exist, AccessDeniedException for another's catalogue."""
    given = [(kind, body) for kind, body in resource.items() if body is not None]
    if len(given) != 1:
        raise AwsError("InvalidInputException", "a resource is one of catalogue, database, table and so on")
    kind, body = given[0]
    if kind not in _RESOLVERS:
        raise AwsError("InvalidInputException", f"the emulator knows no resource {kind}")
    key = {"Catalog": "Id", "DataCellsFilter": "TableCatalogId"}.get(kind, "CatalogId")
    return _RESOLVERS[kind](call, {**body, key: catalogue.own(call, body.get(key))})


def _catalog(call: Call, body: Record) -> Target:
    return Target("Catalog", body, ("CREATE_DATABASE", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION", "DESCRIBE"))


def _database(call: Call, body: Record) -> Target:
    found = catalogue.database(call, body["Name"])
    return Target("Database", body, _LINK if found.input.get("TargetDatabase") else _DATABASE, found)


def _table(call: Call, body: Record) -> Target:
    if ("Name" in body) == ("TableWildcard" in body):
        raise AwsError("InvalidInputException", "a table has either Name or TableWildcard")
    if "TableWildcard" in body:
        found = catalogue.database(call, body["DatabaseName"])
        return Target("Table", {**body, "Name": ALL_TABLES}, _TABLE, found)
    found = catalogue.table(call, body["DatabaseName"], body["Name"])
    return Target("Table", body, _LINK if found.as_dict().get("TargetTable") else _TABLE, found)


def _columns(call: Call, body: Record) -> Target:
    found = catalogue.table(call, body["DatabaseName"], body["Name"])
    wildcard = body.get("ColumnWildcard")
    if ("ColumnNames" in body) == (wildcard is not None):
        raise AwsError("InvalidInputException", "columns are either ColumnNames or ColumnWildcard")
    excluded = (wildcard or {}).get("ExcludedColumnNames", [])
    catalogue.require_columns(found, [*body.get("ColumnNames", []), *excluded])
    if wildcard is None:
        body = {**body, "ColumnNames": sorted(body["ColumnNames"])}
    else:
        body = {**body, "ColumnWildcard": {"ExcludedColumnNames": sorted(excluded)} if excluded else {}}
    return Target("TableWithColumns", body, ("SELECT",), found)


def _location(call: Call, body: Record) -> Target:
    if registered(call, body["ResourceArn"]) is None:
        raise catalogue.missing(f"Registered location {body['ResourceArn']}")
    return Target("DataLocation", body, ("DATA_LOCATION_ACCESS",))


def _cells(call: Call, body: Record) -> Target:
    data_cells_filter(call, body["DatabaseName"], body["TableName"], body["Name"])
    table = catalogue.table(call, body["DatabaseName"], body["TableName"])
    return Target("DataCellsFilter", body, ("ALTER", "DESCRIBE", "DROP", "SELECT"), table)


def _tag(call: Call, body: Record) -> Target:
    require_values(call, body["TagKey"], body["TagValues"])
    body = {**body, "TagValues": sorted(body["TagValues"])}
    return Target("LFTag", body, ("ALTER", "ASSOCIATE", "DESCRIBE", "DROP", "GRANT_WITH_LF_TAG_EXPRESSION"))


def _policy(call: Call, body: Record) -> Target:
    expression = body.get("Expression", [])
    keys = [term["TagKey"] for term in expression]
    if not keys or len(set(keys)) != len(keys):
        raise AwsError("InvalidInputException", "an expression has LF-tags, and each key once")
    for term in expression:
        require_values(call, term["TagKey"], term["TagValues"])
    ordered = [{"TagKey": key, "TagValues": sorted(values)} for key, values in sorted(_terms(expression).items())]
    permissions = _DATABASE if body["ResourceType"] == "DATABASE" else _TABLE
    return Target("LFTagPolicy", {**body, "Expression": ordered}, permissions)


def _terms(expression: list[Record]) -> dict[str, list[str]]:
    return {term["TagKey"]: term["TagValues"] for term in expression}


_RESOLVERS = {
    "Catalog": _catalog,
    "DataCellsFilter": _cells,
    "DataLocation": _location,
    "Database": _database,
    "LFTag": _tag,
    "LFTagPolicy": _policy,
    "Table": _table,
    "TableWithColumns": _columns,
}
