"""Network Firewall: rule groups, policies, firewalls with their endpoints, and logging. No packet is inspected."""

from __future__ import annotations

import uuid
from typing import Any

from moto.ec2.models import ec2_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("network-firewall")
OWNED_KEY = {"KeyId": "AWS_OWNED_KMS_KEY", "Type": "AWS_OWNED_KMS_KEY"}
_PATHS = {"Firewall": "firewall", "FirewallPolicy": "firewall-policy"}
_INTERNAL = (
    "UpdateToken",
    "Logging",
    "Endpoints",
    "RuleGroup",
    "FirewallPolicy",
    "Rules",
    "DryRun",
    "AnalyzeRuleGroup",
)
_PROTECTIONS = ("DeleteProtection", "SubnetChangeProtection", "FirewallPolicyChangeProtection")


def _token() -> str:
    return str(uuid.uuid4())


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidRequestException", message)


def _find(call: Call, noun: str) -> Record:
    """The record that the request names by ARN or name."""
    arn, name = call.params.get(f"{noun}Arn"), call.params.get(f"{noun}Name")
    for record in call.table(noun).values():
        if arn == record[f"{noun}Arn"] or (arn is None and name == record[f"{noun}Name"]):
            return record
    raise AwsError("ResourceNotFoundException", f"there is no {noun} {arn or name}")


def _by_arn(call: Call, noun: str, arn: str) -> Record:
    if arn not in call.table(noun):
        raise AwsError("ResourceNotFoundException", f"there is no {noun} {arn}")
    return call.table(noun)[arn]


def _create(call: Call, noun: str, path: str, **more: Any) -> Record:
    name = call.params[f"{noun}Name"]
    partition = ec2_backends[call.account][call.region].partition
    arn = f"arn:{partition}:network-firewall:{call.region}:{call.account}:{path}/{name}"
    if arn in call.table(noun):
        raise _invalid(f"{arn} already exists")
    record = {
        "EncryptionConfiguration": OWNED_KEY,
        **more,
        **call.params,
        f"{noun}Arn": arn,
        f"{noun}Id": _token(),
        "UpdateToken": _token(),
    }
    call.table(noun)[arn] = record
    return record


def _shown(record: Record) -> Answer:
    return {name: value for name, value in record.items() if name not in _INTERNAL}


def _described(record: Record, noun: str, *, body: bool) -> Answer:
    answer: Answer = {"UpdateToken": record["UpdateToken"], f"{noun}Response": _shown(record)}
    return {**answer, noun: record[noun]} if body else answer


def _update(call: Call, record: Record) -> None:
    """Change what the request names. Who has read an older version is refused."""
    if call.params.get("UpdateToken", record["UpdateToken"]) != record["UpdateToken"]:
        raise AwsError("InvalidTokenException", "the update token is out of date")
    record.update({name: value for name, value in call.params.items() if name != "UpdateToken"})
    record["UpdateToken"] = _token()


def _users(call: Call, noun: str, arn: str) -> list[str]:
    """ARNs of what uses the rule group or the policy `arn`."""
    if noun == "RuleGroup":
        policies = call.table("FirewallPolicy").values()
        return [each["FirewallPolicyArn"] for each in policies if arn in _groups_of(each["FirewallPolicy"])]
    return [each["FirewallArn"] for each in call.table("Firewall").values() if each["FirewallPolicyArn"] == arn]


def _groups_of(policy: Record) -> list[str]:
    references = ("StatefulRuleGroupReferences", "StatelessRuleGroupReferences")
    return [group["ResourceArn"] for name in references for group in policy.get(name, [])]


def _delete(call: Call, noun: str) -> Record:
    record = _find(call, noun)
    if noun != "Firewall" and (users := _users(call, noun, record[f"{noun}Arn"])):
        raise AwsError("InvalidOperationException", f"{record[f'{noun}Name']} is used by {', '.join(users)}")
    return call.table(noun).pop(record[f"{noun}Arn"])


@SERVICE.operation("CreateRuleGroup")
def create_rule_group(call: Call) -> Answer:
    if ("RuleGroup" in call.params) == ("Rules" in call.params):
        raise _invalid("give either RuleGroup or Rules")
    path = "stateful-rulegroup" if call.params["Type"] == "STATEFUL" else "stateless-rulegroup"
    rules = {"RulesSource": {"RulesString": call.params["Rules"]}} if "Rules" in call.params else None
    more = {"RuleGroup": rules} if rules else {}
    return _described(_create(call, "RuleGroup", path, RuleGroupStatus="ACTIVE", **more), "RuleGroup", body=False)


@SERVICE.operation("CreateFirewallPolicy")
def create_policy(call: Call) -> Answer:
    _judge_policy(call)
    record = _create(call, "FirewallPolicy", _PATHS["FirewallPolicy"], FirewallPolicyStatus="ACTIVE")
    return _described(record, "FirewallPolicy", body=False)


def _judge_policy(call: Call) -> None:
    """A policy names rule groups that exist, and evaluates them in the order they were written for."""
    policy = call.params["FirewallPolicy"]
    order = policy.get("StatefulEngineOptions", {}).get("RuleOrder", "DEFAULT_ACTION_ORDER")
    for arn in _groups_of(policy):
        group = _by_arn(call, "RuleGroup", arn)
        options = group["RuleGroup"].get("StatefulRuleOptions", {})
        if group["Type"] == "STATEFUL" and options.get("RuleOrder", "DEFAULT_ACTION_ORDER") != order:
            raise _invalid(f"{arn} has another rule order than the policy's {order}")
    if policy.get("StatefulDefaultActions") and order != "STRICT_ORDER":
        raise _invalid("stateful default actions need STRICT_ORDER")


@SERVICE.operation("DescribeRuleGroup", "DescribeFirewallPolicy")
def describe(call: Call) -> Answer:
    noun = call.operation.removeprefix("Describe")
    record = _find(call, noun)
    users = len(_users(call, noun, record[f"{noun}Arn"]))
    return _described({**record, "NumberOfAssociations": users}, noun, body=True)


@SERVICE.operation("UpdateRuleGroup", "UpdateFirewallPolicy")
def update(call: Call) -> Answer:
    noun = call.operation.removeprefix("Update")
    if noun == "FirewallPolicy":
        _judge_policy(call)
    record = _find(call, noun)
    _update(call, record)
    return _described(record, noun, body=False)


@SERVICE.operation("DeleteRuleGroup", "DeleteFirewallPolicy")
def delete(call: Call) -> Answer:
    noun = call.operation.removeprefix("Delete")
    return {f"{noun}Response": {**_shown(_delete(call, noun)), f"{noun}Status": "DELETING"}}


@SERVICE.operation("CreateFirewall")
def create_firewall(call: Call) -> Answer:
    _by_arn(call, "FirewallPolicy", call.params["FirewallPolicyArn"])
    backend = ec2_backends[call.account][call.region]
    subnets = [backend.get_subnet(mapping["SubnetId"]) for mapping in call.params["SubnetMappings"]]
    if any(subnet.vpc_id != call.params["VpcId"] for subnet in subnets):
        raise _invalid(f"each subnet must be one of {call.params['VpcId']}")
    if len({subnet.availability_zone for subnet in subnets}) != len(subnets):
        raise _invalid("a firewall has one subnet in a zone")
    record = _create(call, "Firewall", _PATHS["Firewall"], **dict.fromkeys(_PROTECTIONS, False))
    record["Endpoints"] = {subnet.availability_zone: _endpoint(backend, call, subnet) for subnet in subnets}
    return _firewall(record)


def _endpoint(backend: Any, call: Call, subnet: Any) -> Record:
    """The endpoint that routes lead to: an endpoint of a VPC as a Gateway Load Balancer has them."""
    service = f"com.amazonaws.vpce.{call.region}.vpce-svc-network-firewall"
    made = backend.create_vpc_endpoint(
        vpc_id=call.params["VpcId"],
        service_name=service,
        endpoint_type="GatewayLoadBalancer",
        policy_document=None,
        route_table_ids=[],
        subnet_ids=[subnet.id],
    )
    return {"SubnetId": subnet.id, "EndpointId": made.id, "Status": "READY"}


def _firewall(record: Record) -> Answer:
    states = {zone: {"Attachment": endpoint} for zone, endpoint in record["Endpoints"].items()}
    return {
        "Firewall": _shown(record),
        "FirewallStatus": {"Status": "READY", "ConfigurationSyncStateSummary": "IN_SYNC", "SyncStates": states},
    }


@SERVICE.operation("DescribeFirewall")
def describe_firewall(call: Call) -> Answer:
    record = _find(call, "Firewall")
    return {**_firewall(record), "UpdateToken": record["UpdateToken"]}


@SERVICE.operation("DeleteFirewall")
def delete_firewall(call: Call) -> Answer:
    record = _find(call, "Firewall")
    if record["DeleteProtection"]:
        raise AwsError("InvalidOperationException", f"{record['FirewallName']} is protected against deletion")
    if record.get("Logging", {}).get("LogDestinationConfigs"):
        raise AwsError("InvalidOperationException", f"{record['FirewallName']} has a logging configuration")
    backend = ec2_backends[call.account][call.region]
    backend.delete_vpc_endpoints([endpoint["EndpointId"] for endpoint in record["Endpoints"].values()])
    answer = _firewall(_delete(call, "Firewall"))
    answer["FirewallStatus"]["Status"] = "DELETING"
    return answer


@SERVICE.operation(
    "AssociateFirewallPolicy",
    "UpdateFirewallDeleteProtection",
    "UpdateFirewallDescription",
    "UpdateFirewallEncryptionConfiguration",
    "UpdateFirewallPolicyChangeProtection",
    "UpdateSubnetChangeProtection",
)
def update_firewall(call: Call) -> Answer:
    """One attribute at a time; the answer is that attribute with the names of the firewall."""
    record = _find(call, "Firewall")
    if call.operation == "AssociateFirewallPolicy":
        _by_arn(call, "FirewallPolicy", call.params["FirewallPolicyArn"])
        if record["FirewallPolicyChangeProtection"]:
            raise AwsError("InvalidOperationException", "the firewall is protected against a change of policy")
    _update(call, record)
    names = ("FirewallArn", "FirewallName", "UpdateToken", *(name for name in call.params if name in record))
    return {name: record[name] for name in names}


@SERVICE.operation("UpdateLoggingConfiguration")
def update_logging(call: Call) -> Answer:
    """AWS takes one change of the destinations at a time: one more, one less, or one that is different."""
    record = _find(call, "Firewall")
    wanted = call.params.get("LoggingConfiguration", {"LogDestinationConfigs": []})
    now = record.get("Logging", {}).get("LogDestinationConfigs", [])
    added = [each for each in wanted["LogDestinationConfigs"] if each not in now]
    removed = [each for each in now if each not in wanted["LogDestinationConfigs"]]
    if len(added) > 1 or len(removed) > 1:
        raise _invalid("change one log destination at a time")
    record["Logging"] = wanted
    return {"FirewallArn": record["FirewallArn"], "LoggingConfiguration": wanted}


@SERVICE.operation("DescribeLoggingConfiguration")
def describe_logging(call: Call) -> Answer:
    record = _find(call, "Firewall")
    answer: Answer = {"FirewallArn": record["FirewallArn"]}
    return {**answer, "LoggingConfiguration": record["Logging"]} if "Logging" in record else answer


def _tagged(call: Call) -> Record:
    for noun in ("RuleGroup", "FirewallPolicy", "Firewall"):
        if record := call.table(noun).get(call.params["ResourceArn"]):
            return record
    raise AwsError("ResourceNotFoundException", f"there is no {call.params['ResourceArn']}")


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    record, given = _tagged(call), {tag["Key"]: tag for tag in call.params["Tags"]}
    record["Tags"] = [tag for tag in record.get("Tags", []) if tag["Key"] not in given] + [*given.values()]
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    record = _tagged(call)
    record["Tags"] = [tag for tag in record.get("Tags", []) if tag["Key"] not in call.params["TagKeys"]]
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Answer:
    return {"Tags": _tagged(call).get("Tags", [])}
