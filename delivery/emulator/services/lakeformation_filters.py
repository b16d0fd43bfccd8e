"""Lake Formation's data cells filters: named parts of a table. Nothing is filtered, as no query runs."""

from __future__ import annotations

import re
import uuid
from typing import Any

from delivery.emulator import catalogue
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("lakeformation")
_TEXT = re.compile(r"'[^']*'")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SQL = frozenset(
    ["and", "as", "between", "cast", "date", "false", "in", "is", "like", "not", "null", "or", "timestamp", "true"]
)


def _filters(call: Call, table: Any) -> dict[str, Record]:
    """The filters of a table by name. They are gone when the table is."""
    kept: dict[str, Record] = call.store.beside(table).setdefault("cells_filters", {})
    return kept


def data_cells_filter(call: Call, database: str, table: str, name: str) -> Record:
    """A filter of the caller's catalogue; raises EntityNotFoundException."""
    found = _filters(call, catalogue.table(call, database, table)).get(name)
    if found is None:
        raise catalogue.missing(f"Data cells filter {database}.{table}.{name}")
    return found


def _checked(call: Call, given: Record) -> Any:
    """The filter's table. Columns are named or all but some are meant, rows are chosen by columns that exist."""
    catalogue.own(call, given["TableCatalogId"])
    table = catalogue.table(call, given["DatabaseName"], given["TableName"])
    if ("ColumnNames" in given) == ("ColumnWildcard" in given):
        raise AwsError("InvalidInputException", "a filter has either ColumnNames or ColumnWildcard")
    excluded = given.get("ColumnWildcard", {}).get("ExcludedColumnNames", [])
    catalogue.require_columns(table, [*given.get("ColumnNames", []), *excluded])
    rows = given.get("RowFilter", {})
    if ("FilterExpression" in rows) == ("AllRowsWildcard" in rows):
        raise AwsError("InvalidInputException", "a filter has either FilterExpression or AllRowsWildcard")
    words = _WORD.findall(_TEXT.sub("", rows.get("FilterExpression", "")))
    catalogue.require_columns(table, [word for word in words if word.lower() not in _SQL])
    return table


@SERVICE.operation("CreateDataCellsFilter")
def create(call: Call) -> Answer:
    given = call.params["TableData"]
    kept = _filters(call, _checked(call, given))
    if given["Name"] in kept:
        raise AwsError("AlreadyExistsException", f"the filter {given['Name']} exists already")
    kept[given["Name"]] = {**given, "VersionId": str(uuid.uuid4())}
    return {}


@SERVICE.operation("UpdateDataCellsFilter")
def update(call: Call) -> Answer:
    """A caller that names another version than the present one is refused."""
    given = call.params["TableData"]
    found = data_cells_filter(call, given["DatabaseName"], given["TableName"], given["Name"])
    if given.get("VersionId", found["VersionId"]) != found["VersionId"]:
        raise AwsError("ConcurrentModificationException", f"the filter {given['Name']} is at {found['VersionId']}")
    _filters(call, _checked(call, given))[given["Name"]] = {**given, "VersionId": str(uuid.uuid4())}
    return {}


def _named(call: Call) -> Record:
    names = call.params
    catalogue.own(call, names.get("TableCatalogId"))
    return data_cells_filter(call, names["DatabaseName"], names["TableName"], names["Name"])


@SERVICE.operation("GetDataCellsFilter")
def get(call: Call) -> Answer:
    return {"DataCellsFilter": _named(call)}


@SERVICE.operation("DeleteDataCellsFilter")
def delete(call: Call) -> Answer:
    found = _named(call)
    del _filters(call, catalogue.table(call, found["DatabaseName"], found["TableName"]))[found["Name"]]
    return {}


@SERVICE.operation("ListDataCellsFilter")
def list_filters(call: Call) -> Answer:
    """Those of one table, or of all."""
    wanted = call.params.get("Table")
    if wanted:
        tables = [catalogue.table(call, wanted["DatabaseName"], wanted["Name"])]
    else:
        tables = [table for database in catalogue.databases(call) for table in database.tables.values()]
    return {"DataCellsFilters": [found for table in tables for found in _filters(call, table).values()]}
