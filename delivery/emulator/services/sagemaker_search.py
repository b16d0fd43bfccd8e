"""SageMaker's search for feature groups and features, one's own or those that another account's catalogue shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from delivery.emulator.service import Answer, Call, PassToMoto, Service
from delivery.emulator.services.ram import shared_with
from delivery.emulator.services.sagemaker_feature_groups import feature_group, refuse, shown
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")
CATALOGUE = ":sagemaker-catalog/DefaultFeatureGroupCatalog"
_TESTS: dict[str, Callable[[Any, str], bool]] = {
    "Equals": lambda value, wanted: value == wanted,
    "NotEquals": lambda value, wanted: value != wanted,
    "Contains": lambda value, wanted: value is not None and wanted.lower() in str(value).lower(),
    "Exists": lambda value, wanted: value is not None,
    "NotExists": lambda value, wanted: value is None,
    "In": lambda value, wanted: value in wanted.split(","),
}


def _groups(call: Call) -> Iterator[Record]:
    """The caller's own groups, or with CrossAccount those of others that share their catalogue with the caller."""
    if call.params.get("CrossAccountFilterOption", "SameAccount") == "SameAccount":
        yield from (shown(each, tags=True) for each in call.table("feature-group").values())
        return
    for arn in shared_with(call.account, call.region):
        if arn.endswith(CATALOGUE):
            kept = call.store.table(arn.split(":")[4], call.region, "sagemaker", "feature-group")
            yield from (shown(each) for each in kept.values())


def _features(call: Call) -> Iterator[Record]:
    for group in _groups(call):
        for definition in group["FeatureDefinitions"]:
            yield _metadata(call, group, definition)


def _metadata(call: Call, group: Record, definition: Record) -> Record:
    _, _, _, region, account, resource = group["FeatureGroupArn"].split(":", 5)
    kept = call.store.table(account, region, "sagemaker", "feature-group")[resource.partition("/")[2]]
    return {
        **{name: group[name] for name in ("FeatureGroupArn", "FeatureGroupName", "CreationTime", "LastModifiedTime")},
        "FeatureName": definition["FeatureName"],
        "FeatureType": definition["FeatureType"],
        **kept["Metadata"].get(definition["FeatureName"], {}),
    }


def _value(record: Record, name: str) -> Any:
    kind, _, key = name.partition(".")
    if kind == "Tags":
        return record.get("Tags", {}).get(key)
    if kind == "Parameters":
        return {each["Key"]: each["Value"] for each in record.get("Parameters", [])}.get(key)
    if kind in ("FeatureGroupStatus", "FeatureGroupName", "FeatureName", "FeatureType", "Description"):
        return record.get(kind)
    if name == "FeatureDefinitions.FeatureName":
        return " ".join(each["FeatureName"] for each in record["FeatureDefinitions"])
    raise refuse(f"Unknown property name: {name}")


def _meets(record: Record, expression: Record) -> bool:
    if "NestedFilters" in expression:
        raise refuse("the emulator knows no nested filters")
    met = [_passes(record, each) for each in expression.get("Filters", [])]
    met += [_meets(record, each) for each in expression.get("SubExpressions", [])]
    return any(met) if met and expression.get("Operator") == "Or" else all(met)


def _passes(record: Record, given: Record) -> bool:
    operator = given.get("Operator", "Equals")
    if operator not in _TESTS:
        raise refuse(f"the emulator knows no operator {operator}")
    return _TESTS[operator](_value(record, given["Name"]), given.get("Value", ""))


@SERVICE.operation("Search")
def search(call: Call) -> Answer:
    kind, expression = call.params["Resource"], call.params.get("SearchExpression", {})
    found = {"FeatureGroup": _groups, "FeatureMetadata": _features}.get(kind)
    if found is None:
        raise PassToMoto
    return {"Results": [{kind: _written(each)} for each in found(call) if _meets(each, expression)]}


def _written(record: Record) -> Record:
    """As a search shows it: without the throughput, and tags as a list."""
    found = {name: value for name, value in record.items() if name != "ThroughputConfig"}
    if "Tags" in found:
        found["Tags"] = [{"Key": key, "Value": value} for key, value in found["Tags"].items()]
    return found


@SERVICE.operation("DescribeFeatureMetadata")
def describe_feature(call: Call) -> Answer:
    group = feature_group(call, call.params["FeatureGroupName"])
    for definition in group["FeatureDefinitions"]:
        if definition["FeatureName"] == call.params["FeatureName"]:
            return _metadata(call, group, definition)
    raise refuse(f"the group has no feature {call.params['FeatureName']}")


@SERVICE.operation("UpdateFeatureMetadata")
def update_feature(call: Call) -> Answer:
    """A description replaces the old one; parameters are added, replaced and removed by key."""
    group, name = feature_group(call, call.params["FeatureGroupName"]), call.params["FeatureName"]
    known = describe_feature(call)
    parameters = {each["Key"]: each["Value"] for each in known.get("Parameters", [])}
    parameters.update({each["Key"]: each["Value"] for each in call.params.get("ParameterAdditions", [])})
    for key in call.params.get("ParameterRemovals", []):
        parameters.pop(key, None)
    description = call.params.get("Description", known.get("Description"))
    group["Metadata"][name] = {
        **({} if description is None else {"Description": description}),
        "Parameters": [{"Key": key, "Value": value} for key, value in parameters.items()],
    }
    group["LastModifiedTime"] = datetime.now(UTC)
    return {}
