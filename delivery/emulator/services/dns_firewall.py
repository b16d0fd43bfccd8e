"""Route 53 Resolver DNS Firewall: domain lists, rule groups and rules. No query is held against them."""

from __future__ import annotations

import uuid
from typing import Any

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.store import Record

SERVICE = Service("route53resolver")
DOMAINS, GROUPS = "firewall-domain-list", "firewall-rule-group"
_PREFIX = {DOMAINS: "rslvr-fdl", GROUPS: "rslvr-frg"}


def _create(call: Call, noun: str, **values: Any) -> Record:
    if any(each["CreatorRequestId"] == call.params["CreatorRequestId"] for each in call.table(noun).values()):
        raise AwsError("ConflictException", f"the request {call.params['CreatorRequestId']} was made already")
    id_ = f"{_PREFIX[noun]}-{uuid.uuid4().hex[:16]}"
    record = {
        "Id": id_,
        "Arn": f"arn:aws:route53resolver:{call.region}:{call.account}:{noun}/{id_}",
        "Name": call.params["Name"],
        "CreatorRequestId": call.params["CreatorRequestId"],
        "Status": "COMPLETE",
        **values,
    }
    call.table(noun)[id_] = record
    call.table("firewall-tags")[record["Arn"]] = {tag["Key"]: tag["Value"] for tag in call.params.get("Tags", [])}
    return record


def _one(call: Call, noun: str, key: str) -> Record:
    try:
        return call.table(noun)[call.params[key]]
    except KeyError:
        raise AwsError("ResourceNotFoundException", f"there is no {noun} {call.params[key]}") from None


def _delete(call: Call, noun: str, key: str) -> Record:
    record = _one(call, noun, key)
    if any(rule[key] == record["Id"] for rule in call.table("firewall-rule").values()):
        raise AwsError("ConflictException", f"{record['Id']} is used by a rule")
    del call.table(noun)[record["Id"]]
    del call.table("firewall-tags")[record["Arn"]]
    return {**record, "Status": "DELETING"}


def _list(record: Record) -> Answer:
    return {
        **{name: value for name, value in record.items() if name != "domains"},
        "DomainCount": len(record["domains"]),
    }


@SERVICE.operation("CreateFirewallDomainList")
def create_domain_list(call: Call) -> Answer:
    return {"FirewallDomainList": _list(_create(call, DOMAINS, domains=[]))}


@SERVICE.operation("GetFirewallDomainList")
def get_domain_list(call: Call) -> Answer:
    return {"FirewallDomainList": _list(_one(call, DOMAINS, "FirewallDomainListId"))}


@SERVICE.operation("DeleteFirewallDomainList")
def delete_domain_list(call: Call) -> Answer:
    return {"FirewallDomainList": _list(_delete(call, DOMAINS, "FirewallDomainListId"))}


@SERVICE.operation("UpdateFirewallDomains")
def update_domains(call: Call) -> Answer:
    record = _one(call, DOMAINS, "FirewallDomainListId")
    given = [domain if domain.endswith(".") else f"{domain}." for domain in call.params["Domains"]]
    match call.params["Operation"]:
        case "ADD":
            record["domains"] += [domain for domain in given if domain not in record["domains"]]
        case "REMOVE":
            record["domains"] = [domain for domain in record["domains"] if domain not in given]
        case _:
            record["domains"] = given
    return {"Id": record["Id"], "Name": record["Name"], "Status": record["Status"]}


@SERVICE.operation("ListFirewallDomains")
def list_domains(call: Call) -> Answer:
    return {"Domains": _one(call, DOMAINS, "FirewallDomainListId")["domains"]}


@SERVICE.operation("CreateFirewallRuleGroup")
def create_group(call: Call) -> Answer:
    return {"FirewallRuleGroup": _create(call, GROUPS, OwnerId=call.account, ShareStatus="NOT_SHARED")}


@SERVICE.operation("GetFirewallRuleGroup")
def get_group(call: Call) -> Answer:
    group = _one(call, GROUPS, "FirewallRuleGroupId")
    return {"FirewallRuleGroup": {**group, "RuleCount": len(_rules(call))}}


@SERVICE.operation("DeleteFirewallRuleGroup")
def delete_group(call: Call) -> Answer:
    return {"FirewallRuleGroup": _delete(call, GROUPS, "FirewallRuleGroupId")}


def _rules(call: Call) -> list[Record]:
    group = call.params["FirewallRuleGroupId"]
    return [rule for rule in call.table("firewall-rule").values() if rule["FirewallRuleGroupId"] == group]


def _key(call: Call) -> str:
    return f"{call.params['FirewallRuleGroupId']}:{call.params['FirewallDomainListId']}"


@SERVICE.operation("CreateFirewallRule")
def create_rule(call: Call) -> Answer:
    _one(call, GROUPS, "FirewallRuleGroupId")
    _one(call, DOMAINS, "FirewallDomainListId")
    if (call.params["Action"] == "BLOCK") != ("BlockResponse" in call.params):
        raise AwsError("ValidationException", "BlockResponse goes with the action BLOCK, and is needed by it")
    if _key(call) in call.table("firewall-rule"):
        raise AwsError("ConflictException", "the rule group has a rule for this domain list")
    if any(rule["Priority"] == call.params["Priority"] for rule in _rules(call)):
        raise AwsError("ConflictException", f"the rule group has a rule of priority {call.params['Priority']}")
    call.table("firewall-rule")[_key(call)] = dict(call.params)
    return {"FirewallRule": call.params}


@SERVICE.operation("ListFirewallRules")
def list_rules(call: Call) -> Answer:
    _one(call, GROUPS, "FirewallRuleGroupId")
    return {"FirewallRules": sorted(_rules(call), key=lambda rule: rule["Priority"])}


@SERVICE.operation("DeleteFirewallRule")
def delete_rule(call: Call) -> Answer:
    rule = call.table("firewall-rule").pop(_key(call), None)
    if rule is None:
        raise AwsError("ResourceNotFoundException", "the rule group has no rule for this domain list")
    return {"FirewallRule": rule}


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    tags = call.table("firewall-tags").get(call.params["ResourceArn"])
    if tags is None:
        raise PassToMoto
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
