"""Athena: updates and ends of what moto makes. No query runs."""

from __future__ import annotations

from typing import Any

from moto.athena.models import athena_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.store import Record

SERVICE = Service("athena")
_REMOVE = "Remove"


def _backend(call: Call) -> Any:
    return athena_backends[call.account][call.region]


def _refuse(message: str) -> AwsError:
    return AwsError("InvalidRequestException", message)


def _found(kind: str, kept: dict[str, Any], name: str) -> Any:
    if name not in kept:
        raise _refuse(f"{kind} {name} is not found.")
    return kept[name]


def _workgroup(call: Call) -> Any:
    return _found("WorkGroup", _backend(call).work_groups, call.params["WorkGroup"])


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    """What carries no tags is there nevertheless; moto takes it for missing."""
    backend, arn = _backend(call), call.params["ResourceARN"]
    if all(each.arn != arn for each in (*backend.work_groups.values(), *backend.data_catalogs.values())):
        raise PassToMoto
    tags: Answer = backend.tagger.list_tags_for_resource(arn)
    return tags


@SERVICE.operation("UpdateWorkGroup")
def update_workgroup(call: Call) -> Answer:
    """Changes what is named, and takes away what a `Remove...` names."""
    found = _workgroup(call)
    changes = {**call.params.get("ConfigurationUpdates", {})}
    results = {**found.configuration.get("ResultConfiguration", {})}
    _apply(results, changes.pop("ResultConfigurationUpdates", {}))
    _apply(found.configuration, changes)
    if "EngineVersion" in changes:
        selected = changes["EngineVersion"].get("SelectedEngineVersion", "AUTO")
        effective = "Athena engine version 3" if selected == "AUTO" else selected
        found.configuration["EngineVersion"] = {
            "SelectedEngineVersion": selected,
            "EffectiveEngineVersion": effective,
        }
    if results:
        found.configuration["ResultConfiguration"] = results
    else:
        found.configuration.pop("ResultConfiguration", None)
    found.description = call.params.get("Description", found.description)
    found.state = call.params.get("State", found.state)
    return {}


def _apply(kept: Record, changes: Record) -> None:
    for name, value in changes.items():
        if not name.startswith(_REMOVE):
            kept[name] = value
        elif value:
            kept.pop(name.removeprefix(_REMOVE), None)


@SERVICE.operation("DeleteWorkGroup")
def delete_workgroup(call: Call) -> Answer:
    """One that holds queries goes only with them, when asked to."""
    found, backend = _workgroup(call), _backend(call)
    if found.name == "primary":
        raise _refuse("the workgroup primary stays")
    kinds = (backend.named_queries, backend.prepared_statements)
    held = [(kind, key) for kind in kinds for key, each in kind.items() if _name(each.workgroup) == found.name]
    if held and not call.params.get("RecursiveDeleteOption"):
        raise _refuse(f"WorkGroup {found.name} is not empty")
    for kind, key in held:
        del kind[key]
    backend.delete_work_group(found.name)
    return {}


@SERVICE.operation("UpdateNamedQuery")
def update_named_query(call: Call) -> Answer:
    found = _found("NamedQuery", _backend(call).named_queries, call.params["NamedQueryId"])
    found.name, found.query_string = call.params["Name"], call.params["QueryString"]
    found.description = call.params.get("Description", found.description)
    return {}


@SERVICE.operation("DeleteNamedQuery")
def delete_named_query(call: Call) -> Answer:
    kept = _backend(call).named_queries
    _found("NamedQuery", kept, call.params["NamedQueryId"])
    del kept[call.params["NamedQueryId"]]
    return {}


def _name(workgroup: Any) -> str:
    """moto keeps a named query with its workgroup, and a prepared statement with its workgroup's name."""
    return str(getattr(workgroup, "name", workgroup))


def _statement(call: Call) -> Any:
    found = _backend(call).prepared_statements.get(call.params["StatementName"])
    if found is None or _name(found.workgroup) != call.params["WorkGroup"]:
        raise AwsError("ResourceNotFoundException", f"there is no statement {call.params['StatementName']}")
    return found


@SERVICE.operation("UpdatePreparedStatement")
def update_prepared_statement(call: Call) -> Answer:
    found = _statement(call)
    found.query_statement = call.params["QueryStatement"]
    found.description = call.params.get("Description", found.description)
    return {}


@SERVICE.operation("DeletePreparedStatement")
def delete_prepared_statement(call: Call) -> Answer:
    del _backend(call).prepared_statements[_statement(call).statement_name]
    return {}


@SERVICE.operation("UpdateDataCatalog")
def update_data_catalog(call: Call) -> Answer:
    found = _found("DataCatalog", _backend(call).data_catalogs, call.params["Name"])
    found.type = call.params["Type"]
    found.description = call.params.get("Description", found.description)
    found.parameters = call.params.get("Parameters", found.parameters)
    return {}


@SERVICE.operation("DeleteDataCatalog")
def delete_data_catalog(call: Call) -> Answer:
    kept = _backend(call).data_catalogs
    found = _found("DataCatalog", kept, call.params["Name"])
    del kept[found.name]
    return {"DataCatalog": {"Name": found.name, "Type": found.type, "Status": "DELETE_COMPLETE"}}
