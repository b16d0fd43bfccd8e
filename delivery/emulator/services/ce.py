"""Cost Explorer: anomaly monitors and subscriptions, and tags of cost allocation. No cost is told.

Cost categories are moto's. A key of a tag can be activated at once here, where AWS must have seen it first.
"""

from __future__ import annotations

import uuid
from copy import deepcopy
from typing import Any

from moto.ce.models import ce_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.store import Record

SERVICE = Service("ce")
_UNKNOWN = {"monitor": "UnknownMonitorException", "subscription": "UnknownSubscriptionException"}


@SERVICE.operation("CreateCostCategoryDefinition", "UpdateCostCategoryDefinition")
def put_cost_category(call: Call) -> Answer:
    """Refuse what AWS does, before moto keeps it: split charges that name one value twice, categories that are not."""
    named = {each.name for each in _categories(call)}
    for rule in call.params["Rules"]:
        for expression in (rule.get("Rule", {}), *rule.get("Rule", {}).get("And", [])):
            if (asked := expression.get("CostCategories", {}).get("Key")) and asked not in named:
                raise AwsError("ServiceQuotaExceededException", f"there is no cost category {asked}")
    splits = call.params.get("SplitChargeRules", [])
    sources = [split["Source"] for split in splits]
    if len(set(sources)) != len(sources) or any(source in split["Targets"] for source in sources for split in splits):
        raise AwsError("ServiceQuotaExceededException", "a source of split charges is a source or target elsewhere")
    raise PassToMoto


def _categories(call: Call) -> list[Any]:
    return list(ce_backends[call.account]["aws"].cost_categories.values())


def _found(call: Call, noun: str, arn: str) -> Record:
    try:
        return call.global_table(noun)[arn]
    except KeyError:
        raise AwsError(_UNKNOWN[noun], f"there is no {noun} {arn}") from None


def _make(call: Call, noun: str, wanted: Record, arn_key: str) -> str:
    arn = f"arn:aws:ce::{call.account}:anomaly{noun}/{uuid.uuid4()}"
    call.global_table(noun)[arn] = deepcopy(wanted) | {arn_key: arn}
    call.global_table("tags")[arn] = {tag["Key"]: tag["Value"] for tag in call.params.get("ResourceTags", [])}
    return arn


def _listed(call: Call, noun: str, arns: list[str] | None) -> list[Record]:
    return list(call.global_table(noun).values()) if arns is None else [_found(call, noun, arn) for arn in arns]


def _forget(call: Call, noun: str, arn: str) -> None:
    _found(call, noun, arn)
    del call.global_table(noun)[arn]
    del call.global_table("tags")[arn]


@SERVICE.operation("CreateAnomalyMonitor")
def create_monitor(call: Call) -> Answer:
    wanted = call.params["AnomalyMonitor"]
    if ("MonitorDimension" in wanted) != (wanted["MonitorType"] == "DIMENSIONAL"):
        raise AwsError("ValidationException", "a dimension goes with the type DIMENSIONAL")
    return {"MonitorArn": _make(call, "monitor", wanted, "MonitorArn")}


@SERVICE.operation("GetAnomalyMonitors")
def get_monitors(call: Call) -> Answer:
    return {"AnomalyMonitors": _listed(call, "monitor", call.params.get("MonitorArnList"))}


@SERVICE.operation("UpdateAnomalyMonitor")
def update_monitor(call: Call) -> Answer:
    arn = call.params["MonitorArn"]
    _found(call, "monitor", arn).update({key: call.params[key] for key in ("MonitorName",) if key in call.params})
    return {"MonitorArn": arn}


@SERVICE.operation("DeleteAnomalyMonitor")
def delete_monitor(call: Call) -> Answer:
    _forget(call, "monitor", call.params["MonitorArn"])
    return {}


def _check_subscription(call: Call, subscription: Record) -> None:
    """E-mails go daily or weekly, messages to a topic at once."""
    for arn in subscription["MonitorArnList"]:
        _found(call, "monitor", arn)
    kinds = {subscriber["Type"] for subscriber in subscription["Subscribers"]}
    if kinds != ({"SNS"} if subscription["Frequency"] == "IMMEDIATE" else {"EMAIL"}):
        raise AwsError("ValidationException", f"{subscription['Frequency']} does not go with {sorted(kinds)}")


@SERVICE.operation("CreateAnomalySubscription")
def create_subscription(call: Call) -> Answer:
    wanted = call.params["AnomalySubscription"]
    _check_subscription(call, wanted)
    subscribers = [{"Status": "CONFIRMED"} | subscriber for subscriber in wanted["Subscribers"]]
    whole = wanted | {"AccountId": call.account, "Subscribers": subscribers}
    return {"SubscriptionArn": _make(call, "subscription", whole, "SubscriptionArn")}


@SERVICE.operation("GetAnomalySubscriptions")
def get_subscriptions(call: Call) -> Answer:
    return {"AnomalySubscriptions": _listed(call, "subscription", call.params.get("SubscriptionArnList"))}


@SERVICE.operation("UpdateAnomalySubscription")
def update_subscription(call: Call) -> Answer:
    arn = call.params["SubscriptionArn"]
    found = _found(call, "subscription", arn)
    wanted = found | {key: value for key, value in call.params.items() if key != "SubscriptionArn"}
    _check_subscription(call, wanted)
    found.update(wanted)
    return {"SubscriptionArn": arn}


@SERVICE.operation("DeleteAnomalySubscription")
def delete_subscription(call: Call) -> Answer:
    _forget(call, "subscription", call.params["SubscriptionArn"])
    return {}


@SERVICE.operation("ListTagsForResource", "TagResource", "UntagResource")
def tags(call: Call) -> Answer:
    kept = call.global_table("tags").get(call.params["ResourceArn"])
    if kept is None:
        raise PassToMoto  # a cost category
    kept.update({tag["Key"]: tag["Value"] for tag in call.params.get("ResourceTags", [])})
    for key in call.params.get("ResourceTagKeys", ()):
        kept.pop(key, None)
    if call.operation != "ListTagsForResource":
        return {}
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in kept.items()]}


@SERVICE.operation("UpdateCostAllocationTagsStatus")
def update_allocation_tags(call: Call) -> Answer:
    for entry in call.params["CostAllocationTagsStatus"]:
        kind = "AWSGenerated" if entry["TagKey"].startswith("aws:") else "UserDefined"
        call.global_table("allocation-tag")[entry["TagKey"]] = entry | {"Type": kind}
    return {"Errors": []}


@SERVICE.operation("ListCostAllocationTags")
def list_allocation_tags(call: Call) -> Answer:
    wanted = call.params.get("TagKeys")
    kept = call.global_table("allocation-tag").values()
    return {"CostAllocationTags": [tag for tag in kept if wanted is None or tag["TagKey"] in wanted]}
