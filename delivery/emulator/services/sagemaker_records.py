"""The online store of feature groups: the latest record of each id. Nothing goes offline, and nothing expires."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.sagemaker_feature_groups import feature_group
from delivery.emulator.store import Record

SERVICE = Service("sagemaker-featurestore-runtime")
_NUMBERS = {"Integral": int, "Fractional": float}


def _refuse(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def _group(call: Call, name: str) -> Record:
    try:
        return feature_group(call, name)
    except AwsError as error:
        if error.code == "AccessDeniedException":
            raise AwsError("AccessForbidden", error.message) from None
        raise


def _records(call: Call, group: Record) -> dict[str, Record]:
    _, _, _, region, account, resource = group["FeatureGroupArn"].split(":", 5)
    return call.store.table(account, region, SERVICE.name, resource)


def _online(call: Call, name: str) -> Record:
    group = _group(call, name)
    if "OnlineStoreConfig" not in group:
        raise _refuse(f"{group['FeatureGroupName']} has no online store")
    return group


def _moment(group: Record, text: str) -> float:
    """An event time as seconds: a number, or a time in ISO 8601 with its zone."""
    kinds = {each["FeatureName"]: each["FeatureType"] for each in group["FeatureDefinitions"]}
    try:
        if kinds[group["EventTimeFeatureName"]] == "Fractional":
            return float(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _refuse(f"{text} is no event time") from None
    if moment.tzinfo is None:
        raise _refuse(f"{text} has no time zone")
    return moment.timestamp()


def _checked(group: Record, given: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The values by feature. Each is one of the group, named once, and of its type."""
    definitions = {each["FeatureName"]: each for each in group["FeatureDefinitions"]}
    values = {each["FeatureName"]: each for each in given}
    if len(values) != len(given):
        raise _refuse("a record names each feature once")
    if unknown := sorted(set(values) - set(definitions)):
        raise _refuse(f"{group['FeatureGroupName']} has no feature {', '.join(unknown)}")
    for name in (group["RecordIdentifierFeatureName"], group["EventTimeFeatureName"]):
        if not values.get(name, {}).get("ValueAsString"):
            raise _refuse(f"a record needs a value of {name}")
    for name, value in values.items():
        _check_value(definitions[name], value)
    return values


def _check_value(definition: Record, value: dict[str, Any]) -> None:
    name, several = definition["FeatureName"], "CollectionType" in definition
    if ("ValueAsStringList" in value) != several:
        raise _refuse(f"{name} takes {'a list' if several else 'one value'}")
    for text in value["ValueAsStringList"] if several else [value["ValueAsString"]]:
        try:
            _NUMBERS.get(definition["FeatureType"], str)(text)
        except ValueError:
            raise _refuse(f"{name}: {text} is not {definition['FeatureType']}") from None


@SERVICE.operation("PutRecord")
def put_record(call: Call) -> Answer:
    """Of two records of one id the later event stays, whichever came first."""
    group = _group(call, call.params["FeatureGroupName"])
    values = _checked(group, call.params["Record"])
    identifier = values[group["RecordIdentifierFeatureName"]]["ValueAsString"]
    at = _moment(group, values[group["EventTimeFeatureName"]]["ValueAsString"])
    if "OnlineStoreConfig" in group:
        _keep(_records(call, group), identifier, {"at": at, "values": values})
    return {}


def _keep(kept: dict[str, Record], identifier: str, record: Record) -> None:
    if identifier not in kept or kept[identifier]["at"] <= record["at"]:
        kept[identifier] = record


@SERVICE.operation("DeleteRecord")
def delete_record(call: Call) -> Answer:
    """A soft deletion is remembered, so that an earlier event does not bring the record back."""
    group = _online(call, call.params["FeatureGroupName"])
    kept, identifier = _records(call, group), call.params["RecordIdentifierValueAsString"]
    at = _moment(group, call.params["EventTime"])
    if call.params.get("DeletionMode") == "HardDelete" and identifier in kept and kept[identifier]["at"] <= at:
        del kept[identifier]
    elif call.params.get("DeletionMode") != "HardDelete":
        _keep(kept, identifier, {"at": at, "values": {}})
    return {}


def _found(call: Call, group: Record, identifier: str, names: list[str]) -> list[dict[str, Any]]:
    values: dict[str, dict[str, Any]] = _records(call, group).get(identifier, {"values": {}})["values"]
    return [value for name, value in values.items() if not names or name in names]


@SERVICE.operation("GetRecord")
def get_record(call: Call) -> Answer:
    group = _online(call, call.params["FeatureGroupName"])
    names = call.params.get("FeatureNames", [])
    found = _found(call, group, call.params["RecordIdentifierValueAsString"], names)
    return {"Record": found} if found else {}


@SERVICE.operation("BatchGetRecord")
def batch_get_record(call: Call) -> Answer:
    """Ids without a record are left out, as on AWS."""
    records = []
    for wanted in call.params["Identifiers"]:
        group = _online(call, wanted["FeatureGroupName"])
        for identifier in wanted["RecordIdentifiersValueAsString"]:
            found = _found(call, group, identifier, wanted.get("FeatureNames", []))
            named = {
                "FeatureGroupName": wanted["FeatureGroupName"],
                "RecordIdentifierValueAsString": identifier,
            }
            records += [{**named, "Record": found}] if found else []
    return {"Records": records, "Errors": [], "UnprocessedIdentifiers": []}
