"""Lake Formation's LF-tags: the vocabulary of a catalogue, what carries which value, and who inherits it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from delivery.emulator import catalogue
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("lakeformation")
Tags = dict[str, str]
_Expression = list[dict[str, Any]]


def vocabulary(call: Call) -> dict[str, Record]:
    """The LF-tags of the caller's catalogue: key -> `{"values": [...]}`."""
    catalogue.own(call, call.params.get("CatalogId"))
    return call.table("tag")


def require_values(call: Call, key: str, values: list[str]) -> None:
    """Refuse a key or values that the vocabulary does not have."""
    found = call.table("tag").get(key)
    if found is None:
        raise catalogue.missing(f"LF-tag {key}")
    if unknown := sorted(set(values) - set(found["values"])):
        raise catalogue.missing(f"Value {', '.join(unknown)} of LF-tag {key}")


def _tag(call: Call) -> Record:
    key = call.params["TagKey"].lower()
    found = vocabulary(call).get(key)
    if found is None:
        raise catalogue.missing(f"LF-tag {key}")
    return found


def _shown(call: Call, key: str, values: list[str]) -> Answer:
    return {"CatalogId": call.account, "TagKey": key, "TagValues": values}


@SERVICE.operation("CreateLFTag")
def create_tag(call: Call) -> Answer:
    """Keys and values are kept in lower case, as on AWS."""
    key = call.params["TagKey"].lower()
    if key in vocabulary(call):
        raise AwsError("InvalidInputException", f"the LF-tag {key} exists already")
    vocabulary(call)[key] = {"values": sorted({value.lower() for value in call.params["TagValues"]})}
    return {}


@SERVICE.operation("GetLFTag")
def get_tag(call: Call) -> Answer:
    return _shown(call, call.params["TagKey"].lower(), _tag(call)["values"])


@SERVICE.operation("ListLFTags")
def list_tags(call: Call) -> Answer:
    return {"LFTags": [_shown(call, key, found["values"]) for key, found in vocabulary(call).items()]}


@SERVICE.operation("UpdateLFTag")
def update_tag(call: Call) -> Answer:
    """A value that something carries cannot be taken away."""
    found, key = _tag(call), call.params["TagKey"].lower()
    gone = {value.lower() for value in call.params.get("TagValuesToDelete", [])}
    require_values(call, key, list(gone))
    if any(tags.get(key) in gone for tags in _carried(call)):
        raise AwsError("InvalidInputException", f"Update not allowed: a resource carries one of {', '.join(gone)}")
    added = {value.lower() for value in call.params.get("TagValuesToAdd", [])}
    found["values"] = sorted((set(found["values"]) - gone) | added)
    return {}


@SERVICE.operation("DeleteLFTag")
def delete_tag(call: Call) -> Answer:
    """What carried the LF-tag carries it no more."""
    _tag(call)
    key = call.params["TagKey"].lower()
    for tags in _carried(call):
        tags.pop(key, None)
    del vocabulary(call)[key]
    return {}


def _carried(call: Call) -> Iterator[Tags]:
    """The LF-tags of every database, table and column of the catalogue."""
    for database in catalogue.databases(call):
        yield assigned(call, database)
        for table in database.tables.values():
            yield assigned(call, table)
            for column in catalogue.columns(table):
                yield assigned(call, table, column)


def assigned(call: Call, found: Any, column: str | None = None) -> Tags:
    """What a database, a table or a column of it was given itself. It is gone when the table is."""
    kept: dict[str | None, Tags] = call.store.beside(found).setdefault("lf_tags", {})
    return kept.setdefault(column, {})


def effective(call: Call, table: Any, column: str | None = None) -> Tags:
    """What counts for a table or a column: its own value of a key, else that of what it is in."""
    tags = {**assigned(call, catalogue.database(call, table.database_name)), **assigned(call, table)}
    return {**tags, **assigned(call, table, column)} if column else tags


def _targets(call: Call) -> list[tuple[Any, str | None]]:
    """What the request's resource names: a database, a table, or columns of one."""
    resource = call.params["Resource"]
    catalogue.own(call, call.params.get("CatalogId"))
    if body := resource.get("Database"):
        catalogue.own(call, body.get("CatalogId"))
        return [(catalogue.database(call, body["Name"]), None)]
    body = resource.get("Table") or resource.get("TableWithColumns")
    if not body or "Name" not in body:
        raise AwsError("InvalidInputException", "LF-tags go to a database, a table or columns of a table")
    catalogue.own(call, body.get("CatalogId"))
    table = catalogue.table(call, body["DatabaseName"], body["Name"])
    if "Table" in resource:
        return [(table, None)]
    excluded = body.get("ColumnWildcard", {}).get("ExcludedColumnNames", [])
    names = body.get("ColumnNames") or [name for name in catalogue.columns(table) if name not in excluded]
    catalogue.require_columns(table, [*names, *excluded])
    return [(table, name) for name in names]


def _failure(pair: dict[str, Any], error: AwsError) -> Answer:
    return {"LFTag": pair, "Error": {"ErrorCode": error.code, "ErrorMessage": error.message}}


@SERVICE.operation("AddLFTagsToResource")
def add_tags(call: Call) -> Answer:
    """A resource has one value of a key; a value that the vocabulary lacks is told as a failure of that LF-tag."""
    failures = []
    for pair in call.params["LFTags"]:
        key, values = pair["TagKey"].lower(), [value.lower() for value in pair["TagValues"]]
        try:
            catalogue.own(call, pair.get("CatalogId"))
            require_values(call, key, values)
            if len(values) != 1:
                raise AwsError("InvalidInputException", f"a resource carries one value of {key}")
        except AwsError as error:
            failures.append(_failure(pair, error))
            continue
        for found, column in _targets(call):
            assigned(call, found, column)[key] = values[0]
    return {"Failures": failures}


@SERVICE.operation("RemoveLFTagsFromResource")
def remove_tags(call: Call) -> Answer:
    failures = []
    for pair in call.params["LFTags"]:
        key = pair["TagKey"].lower()
        for found, column in _targets(call):
            if assigned(call, found, column).get(key) not in pair["TagValues"]:
                failures.append(_failure(pair, catalogue.missing(f"LF-tag {key} on the resource")))
            else:
                del assigned(call, found, column)[key]
    return {"Failures": failures}


def _pairs(call: Call, tags: Tags) -> list[Answer]:
    return [_shown(call, key, [tags[key]]) for key in sorted(tags)]


@SERVICE.operation("GetResourceLFTags")
def get_resource_tags(call: Call) -> Answer:
    """What counts for the resource; with `ShowAssignedLFTags` only what it was given itself."""
    only_own, answer = call.params.get("ShowAssignedLFTags", False), dict[str, Any]()
    targets = _targets(call)
    found = targets[0][0]
    if "Database" in call.params["Resource"]:
        return {"LFTagOnDatabase": _pairs(call, assigned(call, found))} if assigned(call, found) else {}
    if not only_own:
        answer["LFTagOnDatabase"] = _pairs(call, assigned(call, catalogue.database(call, found.database_name)))
    if not only_own or "Table" in call.params["Resource"]:
        answer["LFTagsOnTable"] = _pairs(call, assigned(call, found) if only_own else effective(call, found))
    if not only_own or "TableWithColumns" in call.params["Resource"]:
        names = [column for _, column in targets if column] or catalogue.columns(found)
        answer["LFTagsOnColumns"] = _columns(call, found, names, only_own=only_own)
    return {name: value for name, value in answer.items() if value}


def _columns(call: Call, table: Any, names: list[str], *, only_own: bool = False) -> list[Answer]:
    tags = {name: assigned(call, table, name) if only_own else effective(call, table, name) for name in names}
    return [{"Name": name, "LFTags": _pairs(call, tags[name])} for name in names if tags[name]]


def _expression(call: Call) -> _Expression:
    expression: _Expression = call.params["Expression"]
    for term in expression:
        require_values(call, term["TagKey"].lower(), term["TagValues"])
    return expression


def _meets(tags: Tags, expression: _Expression) -> bool:
    return all(tags.get(term["TagKey"].lower()) in term["TagValues"] for term in expression)


@SERVICE.operation("SearchDatabasesByLFTags")
def search_databases(call: Call) -> Answer:
    catalogue.own(call, call.params.get("CatalogId"))
    expression = _expression(call)
    return {
        "DatabaseList": [
            {
                "Database": {"CatalogId": call.account, "Name": each.name},
                "LFTags": _pairs(call, assigned(call, each)),
            }
            for each in catalogue.databases(call)
            if _meets(assigned(call, each), expression)
        ]
    }


@SERVICE.operation("SearchTablesByLFTags")
def search_tables(call: Call) -> Answer:
    """Tables whose LF-tags, or those of one column, meet the expression, each with the columns that meet it."""
    catalogue.own(call, call.params.get("CatalogId"))
    expression, found = _expression(call), []
    for database in catalogue.databases(call):
        for table in database.tables.values():
            names = catalogue.columns(table)
            met = [name for name in names if _meets(effective(call, table, name), expression)]
            if met or _meets(effective(call, table), expression):
                answer = {
                    "Table": {"CatalogId": call.account, "DatabaseName": database.name, "Name": table.name},
                    "LFTagOnDatabase": _pairs(call, assigned(call, database)),
                    "LFTagsOnTable": _pairs(call, effective(call, table)),
                    "LFTagsOnColumns": _columns(call, table, met),
                }
                found.append({name: value for name, value in answer.items() if value})
    return {"TableList": found}
