"""CloudWatch Logs: policies of an account. Nothing is masked, indexed, transformed or sent."""

from __future__ import annotations

import json
import time

from moto.logs.models import logs_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("logs")
# Of these an account has several in a region, of all others one.
_SEVERAL = ("FIELD_INDEX_POLICY", "TRANSFORMER_POLICY")
_INDEXED_FIELDS = 20


def _policies(call: Call) -> dict[str, Record]:
    return call.table(f"account-policy-{call.params['policyType']}")


@SERVICE.operation("PutAccountPolicy")
def put_account_policy(call: Call) -> Answer:
    """Replaces one of its name. A policy of data protection masks what it audits, and its findings need their group."""
    given = call.params
    kind, name = given["policyType"], given["policyName"]
    try:
        document = json.loads(given["policyDocument"])
    except ValueError as error:
        raise _invalid(f"the policy document is no JSON: {error}") from error
    if kind not in _SEVERAL and set(_policies(call)) - {name}:
        raise AwsError("LimitExceededException", f"the account has a {kind} of another name in this region")
    if kind == "DATA_PROTECTION_POLICY":
        if "selectionCriteria" in given:
            raise _invalid("data protection is of all log groups: it takes no selectionCriteria")
        _check_protection(call, document)
    if kind == "FIELD_INDEX_POLICY" and not 0 < len(document.get("Fields", ())) <= _INDEXED_FIELDS:
        raise _invalid(f"an index is of 1 to {_INDEXED_FIELDS} Fields")
    policy = {"scope": "ALL", **given, "accountId": call.account, "lastUpdatedTime": int(time.time() * 1000)}
    _policies(call)[name] = policy
    return {"accountPolicy": policy}


@SERVICE.operation("DescribeAccountPolicies")
def describe_account_policies(call: Call) -> Answer:
    name = call.params.get("policyName")
    found = [policy for policy in _policies(call).values() if name in (None, policy["policyName"])]
    if name is not None and not found:
        raise _missing(f"there is no {call.params['policyType']} {name}")
    return {"accountPolicies": found}


@SERVICE.operation("DeleteAccountPolicy")
def delete_account_policy(call: Call) -> Answer:
    if _policies(call).pop(call.params["policyName"], None) is None:
        raise _missing(f"there is no {call.params['policyType']} {call.params['policyName']}")
    return {}


def _check_protection(call: Call, document: Record) -> None:
    """Two statements, one that audits and one that masks, of the same identifiers; findings go to groups there are."""
    statements = document.get("Statement", [])
    operations = [next(iter(statement["Operation"])) for statement in statements]
    if sorted(operations) != ["Audit", "Deidentify"]:
        raise _invalid(f"a policy of data protection audits and de-identifies, and this one does {operations}")
    audited, masked = (sorted(statement["DataIdentifier"]) for statement in statements)
    if audited != masked:
        raise _invalid("what is audited and what is de-identified differ")
    audit = next(statement["Operation"]["Audit"] for statement in statements if "Audit" in statement["Operation"])
    to_group = audit["FindingsDestination"].get("CloudWatchLogs")
    _check_groups(call, [to_group["LogGroup"]] if to_group else [])


def _check_groups(call: Call, names: list[str]) -> None:
    groups = logs_backends[call.account][call.region].groups
    if missing := [name for name in names if name not in groups]:
        raise _missing(f"there is no log group {', '.join(missing)}")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


def _missing(message: str) -> AwsError:
    return AwsError("ResourceNotFoundException", message)
