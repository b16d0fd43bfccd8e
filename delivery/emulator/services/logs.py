"""CloudWatch Logs: policies of an account over its log groups. No event is filtered, masked or sent anywhere."""

from __future__ import annotations

import json
import re
from time import time

from moto.logs.models import logs_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("logs")
SUBSCRIPTION, PROTECTION = "SUBSCRIPTION_FILTER_POLICY", "DATA_PROTECTION_POLICY"
_CRITERIA = re.compile(r"LogGroupName NOT IN (\[.*\])")
_DESTINATION = re.compile(r"arn:[^:]+:logs:([^:]+):([0-9]{12}):destination:(.+)")


def _refuse(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


@SERVICE.operation("PutAccountPolicy")
def put_account_policy(call: Call) -> Answer:
    """Replaces the one of its name; an account has one of a type in a region."""
    given, table = call.params, call.table("account policies")
    kind, name = given["policyType"], given["policyName"]
    if any(other["policyType"] == kind and other["policyName"] != name for other in table.values()):
        raise AwsError("LimitExceededException", f"the account has another policy of the type {kind} already")
    document = json.loads(given["policyDocument"])
    if kind == SUBSCRIPTION:
        _judge(call, document)
    elif kind == PROTECTION:
        _judge_protection(call, document)
    elif "selectionCriteria" in given:
        raise _refuse(f"selectionCriteria goes with {SUBSCRIPTION} alone")
    kept = {"scope": "ALL", **given, "accountId": call.account, "lastUpdatedTime": int(time() * 1000)}
    table[f"{kind} {name}"] = kept
    return {"accountPolicy": kept}


def _judge(call: Call, document: Record) -> None:
    criteria = _CRITERIA.fullmatch(call.params.get("selectionCriteria", "LogGroupName NOT IN []"))
    if criteria is None or not all(isinstance(name, str) for name in json.loads(criteria[1])):
        raise _refuse("selectionCriteria: LogGroupName NOT IN [...] is all that there is")
    found = _DESTINATION.fullmatch(document["DestinationArn"])
    if found is None:
        return
    region, account, name = found.groups()
    if region != call.region:
        raise _refuse("the destination must be in the region of the log groups")
    here = logs_backends[account][region].destinations.values()
    destination = next((each for each in here if each.destination_name == name), None)
    if destination is None:
        raise _refuse(f"the destination {document['DestinationArn']} does not exist")
    # Whose organisation its conditions name is not judged, as nowhere in the emulator.
    statements = json.loads(destination.access_policy or '{"Statement": []}')["Statement"]
    if not any("logs:PutAccountPolicy" in statement["Action"] for statement in statements):
        raise AwsError("AccessDeniedException", f"the policy of the destination {name} allows no account policy")


def _judge_protection(call: Call, document: Record) -> None:
    """One statement audits and one masks, of the same data, in all log groups; a group of findings must be there."""
    if "selectionCriteria" in call.params:
        raise _refuse("data protection is of all log groups: it takes no selectionCriteria")
    operations = {name: each for each in document.get("Statement", []) for name in each["Operation"]}
    if sorted(operations) != ["Audit", "Deidentify"]:
        raise _refuse(f"data protection audits and de-identifies, and this policy does {sorted(operations)}")
    if operations["Audit"]["DataIdentifier"] != operations["Deidentify"]["DataIdentifier"]:
        raise _refuse("what is audited and what is de-identified differ")
    group = operations["Audit"]["Operation"]["Audit"]["FindingsDestination"].get("CloudWatchLogs", {}).get("LogGroup")
    if group and group not in logs_backends[call.account][call.region].groups:
        raise AwsError("ResourceNotFoundException", f"there is no log group {group}")


@SERVICE.operation("DescribeAccountPolicies")
def describe_account_policies(call: Call) -> Answer:
    kind, name = call.params["policyType"], call.params.get("policyName")
    return {
        "accountPolicies": [
            kept
            for kept in call.table("account policies").values()
            if kept["policyType"] == kind and name in (None, kept["policyName"])
        ]
    }


@SERVICE.operation("DeleteAccountPolicy")
def delete_account_policy(call: Call) -> Answer:
    key = f"{call.params['policyType']} {call.params['policyName']}"
    if call.table("account policies").pop(key, None) is None:
        raise AwsError("ResourceNotFoundException", f"there is no account policy {key}")
    return {}
