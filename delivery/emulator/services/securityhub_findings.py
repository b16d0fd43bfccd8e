"""Security Hub's standards, rules, insights and actions, and their tags. No finding ever arrives."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.securityhub import hub
from delivery.emulator.store import Record

SERVICE = Service("securityhub")


def _arn(call: Call, resource: str) -> str:
    return f"arn:aws:securityhub:{call.region}:{call.account}:{resource}"


def _found(call: Call, noun: str, arn: str) -> Record:
    hub(call)
    if arn not in call.table(noun):
        raise AwsError("ResourceNotFoundException", f"there is no {noun} {arn}")
    return call.table(noun)[arn]


def _chosen(call: Call, noun: str, arns: list[str] | None) -> list[Record]:
    """The records with these ARNs, each of which must exist; without ARNs all."""
    hub(call)
    return [_found(call, noun, arn) for arn in arns] if arns else list(call.table(noun).values())


@SERVICE.operation("BatchEnableStandards")
def enable_standards(call: Call) -> Answer:
    hub(call)
    made = []
    for request in call.params["StandardsSubscriptionRequests"]:
        standard = request["StandardsArn"]
        arn = _arn(call, f"subscription/{standard.partition('::')[2].partition('/')[2]}")
        call.table("subscription")[arn] = {
            "StandardsSubscriptionArn": arn,
            "StandardsArn": standard,
            "StandardsInput": request.get("StandardsInput", {}),
            "StandardsStatus": "READY",
        }
        made.append(call.table("subscription")[arn])
    return {"StandardsSubscriptions": made}


@SERVICE.operation("GetEnabledStandards")
def enabled_standards(call: Call) -> Answer:
    hub(call)
    wanted = call.params.get("StandardsSubscriptionArns")
    found = call.table("subscription")
    return {"StandardsSubscriptions": [one for arn, one in found.items() if not wanted or arn in wanted]}


@SERVICE.operation("BatchDisableStandards")
def disable_standards(call: Call) -> Answer:
    found = _chosen(call, "subscription", call.params["StandardsSubscriptionArns"])
    for one in found:
        del call.table("subscription")[one["StandardsSubscriptionArn"]]
    return {"StandardsSubscriptions": [one | {"StandardsStatus": "DELETING"} for one in found]}


@SERVICE.operation("CreateActionTarget")
def create_action(call: Call) -> Answer:
    hub(call)
    arn = _arn(call, f"action/custom/{call.params['Id']}")
    if arn in call.table("action"):
        raise AwsError("ResourceConflictException", f"the action {call.params['Id']} exists already")
    call.table("action")[arn] = {
        "ActionTargetArn": arn,
        "Name": call.params["Name"],
        "Description": call.params["Description"],
    }
    return {"ActionTargetArn": arn}


@SERVICE.operation("DescribeActionTargets")
def describe_actions(call: Call) -> Answer:
    return {"ActionTargets": _chosen(call, "action", call.params.get("ActionTargetArns"))}


@SERVICE.operation("UpdateActionTarget")
def update_action(call: Call) -> Answer:
    _found(call, "action", call.params["ActionTargetArn"]).update(call.params)
    return {}


@SERVICE.operation("DeleteActionTarget")
def delete_action(call: Call) -> Answer:
    _found(call, "action", call.params["ActionTargetArn"])
    del call.table("action")[call.params["ActionTargetArn"]]
    return {"ActionTargetArn": call.params["ActionTargetArn"]}


@SERVICE.operation("CreateAutomationRule")
def create_rule(call: Call) -> Answer:
    hub(call)
    arn, now = _arn(call, f"automation-rule/{uuid.uuid4()}"), datetime.now(UTC)
    rule = {name: value for name, value in call.params.items() if name != "Tags"}
    call.table("rule")[arn] = {
        "RuleStatus": "ENABLED",
        "IsTerminal": False,
        **rule,
        "RuleArn": arn,
        "CreatedAt": now,
        "UpdatedAt": now,
        "CreatedBy": call.account,
    }
    call.table("tags")[arn] = dict(call.params.get("Tags", {}))
    return {"RuleArn": arn}


@SERVICE.operation("BatchGetAutomationRules")
def get_rules(call: Call) -> Answer:
    return {"Rules": _chosen(call, "rule", call.params["AutomationRulesArns"]), "UnprocessedAutomationRules": []}


@SERVICE.operation("BatchUpdateAutomationRules")
def update_rules(call: Call) -> Answer:
    items = call.params["UpdateAutomationRulesRequestItems"]
    for item in items:
        _found(call, "rule", item["RuleArn"]).update(item, UpdatedAt=datetime.now(UTC))
    return {"ProcessedAutomationRules": [item["RuleArn"] for item in items], "UnprocessedAutomationRules": []}


@SERVICE.operation("BatchDeleteAutomationRules")
def delete_rules(call: Call) -> Answer:
    arns = call.params["AutomationRulesArns"]
    for rule in _chosen(call, "rule", arns):
        del call.table("rule")[rule["RuleArn"]]
    return {"ProcessedAutomationRules": arns, "UnprocessedAutomationRules": []}


@SERVICE.operation("CreateInsight")
def create_insight(call: Call) -> Answer:
    hub(call)
    arn = f"arn:aws:securityhub:{call.region}:{call.account}:insight/{call.account}/custom/{uuid.uuid4()}"
    call.table("insight")[arn] = {**call.params, "InsightArn": arn}
    return {"InsightArn": arn}


@SERVICE.operation("GetInsights")
def get_insights(call: Call) -> Answer:
    return {"Insights": _chosen(call, "insight", call.params.get("InsightArns"))}


@SERVICE.operation("UpdateInsight")
def update_insight(call: Call) -> Answer:
    _found(call, "insight", call.params["InsightArn"]).update(call.params)
    return {}


@SERVICE.operation("DeleteInsight")
def delete_insight(call: Call) -> Answer:
    _found(call, "insight", call.params["InsightArn"])
    del call.table("insight")[call.params["InsightArn"]]
    return {"InsightArn": call.params["InsightArn"]}


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    call.table("tags").setdefault(call.params["ResourceArn"], {}).update(call.params["Tags"])
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    for key in call.params["TagKeys"]:
        call.table("tags").get(call.params["ResourceArn"], {}).pop(key, None)
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    return {"Tags": call.table("tags").get(call.params["ResourceArn"], {})}
