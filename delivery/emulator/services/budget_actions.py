"""Actions of budgets. None is ever proposed: nothing is spent here."""

from __future__ import annotations

import uuid
from copy import deepcopy

from moto.budgets.models import budgets_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("budgets")
_NAMED = ("AccountId", "BudgetName")


def _actions(call: Call) -> dict[str, Record]:
    name = call.params["BudgetName"]
    if name not in budgets_backends[call.account]["aws"].budgets[call.params["AccountId"]]:
        raise AwsError("NotFoundException", f"there is no budget {name}")
    return call.global_table(f"action of {name}")


def _action(call: Call) -> Record:
    try:
        return _actions(call)[call.params["ActionId"]]
    except KeyError:
        raise AwsError("NotFoundException", f"the budget has no action {call.params['ActionId']}") from None


def _named(call: Call) -> Answer:
    return {key: call.params[key] for key in _NAMED}


@SERVICE.operation("CreateBudgetAction")
def create_action(call: Call) -> Answer:
    action_id = str(uuid.uuid4())
    given = {key: value for key, value in call.params.items() if key not in ("AccountId", "ResourceTags")}
    _actions(call)[action_id] = deepcopy(given) | {"ActionId": action_id, "Status": "STANDBY"}
    arn = f"arn:aws:budgets::{call.account}:budget/{call.params['BudgetName']}/action/{action_id}"
    tags = {tag["Key"]: tag["Value"] for tag in call.params.get("ResourceTags", [])}
    call.global_table("tags")[arn.rpartition("budget/")[2]] = tags
    return _named(call) | {"ActionId": action_id}


@SERVICE.operation("DescribeBudgetAction")
def describe_action(call: Call) -> Answer:
    return _named(call) | {"Action": _action(call)}


@SERVICE.operation("UpdateBudgetAction")
def update_action(call: Call) -> Answer:
    action = _action(call)
    old = deepcopy(action)
    action.update({key: value for key, value in call.params.items() if key not in (*_NAMED, "ActionId")})
    return _named(call) | {"OldAction": old, "NewAction": action}


@SERVICE.operation("DeleteBudgetAction")
def delete_action(call: Call) -> Answer:
    action = _action(call)
    del _actions(call)[call.params["ActionId"]]
    return _named(call) | {"Action": action}
