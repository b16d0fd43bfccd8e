"""Budgets: subscribers of their notifications, updates and tags. Nobody is told anything."""

from __future__ import annotations

from typing import Any

from moto.budgets.models import Budget, BudgetsBackend, Notification, budgets_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service

SERVICE = Service("budgets")


@SERVICE.mend
def limits_have_decimals() -> None:
    """AWS answers with an amount as a decimal; moto repeats the text that it was given."""
    create = Budget.__init__

    def __init__(self: Any, budget: dict[str, Any], notifications: list[dict[str, Any]]) -> None:
        if "BudgetLimit" in budget:
            limit = budget["BudgetLimit"]
            budget = {**budget, "BudgetLimit": {**limit, "Amount": f"{float(limit['Amount']):.1f}"}}
        create(self, budget, notifications)

    Budget.__init__ = __init__


@SERVICE.mend
def a_notification_is_made_once() -> None:
    """AWS refuses a notification that the budget has already; moto keeps two."""
    create = BudgetsBackend.create_notification

    def create_notification(self: Any, **wanted: Any) -> None:
        budget = self.budgets[wanted["account_id"]].get(wanted["budget_name"])
        if budget is not None and wanted["notification"] in budget.get_notifications():
            raise AwsError("DuplicateRecordException", "the budget has this notification already")
        create(self, **wanted)

    BudgetsBackend.create_notification = create_notification


def _budget(call: Call, name: str) -> Any:
    budgets = budgets_backends[call.account]["aws"].budgets[call.params.get("AccountId", call.account)]
    if name not in budgets:
        raise AwsError("NotFoundException", f"there is no budget {name}")
    return budgets[name]


def _notification(call: Call) -> Any:
    for notification in _budget(call, call.params["BudgetName"]).notifications:
        if notification.details == call.params["Notification"]:
            return notification
    raise AwsError("NotFoundException", "the budget has no such notification")


@SERVICE.operation("CreateBudget")
def create_budget(call: Call) -> Answer:
    """Keep the tags for the budget that moto is about to make."""
    name = call.params["Budget"]["BudgetName"]
    if name not in budgets_backends[call.account]["aws"].budgets[call.params["AccountId"]]:
        call.global_table("tags")[name] = {tag["Key"]: tag["Value"] for tag in call.params.get("ResourceTags", [])}
    raise PassToMoto


@SERVICE.operation("UpdateBudget")
def update_budget(call: Call) -> Answer:
    wanted = call.params["NewBudget"]
    budget = _budget(call, wanted["BudgetName"])
    budget.budget = Budget({**budget.budget, **wanted}, []).budget
    return {}


@SERVICE.operation("DeleteBudget")
def delete_budget(call: Call) -> Answer:
    """Forget the tags of the budget that moto is about to delete."""
    call.global_table("tags").pop(call.params["BudgetName"], None)
    raise PassToMoto


@SERVICE.operation("DescribeSubscribersForNotification")
def describe_subscribers(call: Call) -> Answer:
    return {"Subscribers": _notification(call).subscribers}


@SERVICE.operation("UpdateNotification")
def update_notification(call: Call) -> Answer:
    budget = _budget(call, call.params["BudgetName"])
    for notification in budget.notifications:
        if notification.details == call.params["OldNotification"]:
            kept = [other for other in budget.notifications if other is not notification]
            budget.notifications = [*kept, Notification(call.params["NewNotification"], notification.subscribers)]
            return {}
    raise AwsError("NotFoundException", "the budget has no such notification")


@SERVICE.operation("ListTagsForResource", "TagResource", "UntagResource")
def tags(call: Call) -> Answer:
    name = call.params["ResourceARN"].rpartition("budget/")[2]
    _budget(call, name.partition("/action/")[0])
    kept = call.global_table("tags").setdefault(name, {})
    kept.update({tag["Key"]: tag["Value"] for tag in call.params.get("ResourceTags", [])})
    for key in call.params.get("ResourceTagKeys", ()):
        kept.pop(key, None)
    if call.operation != "ListTagsForResource":
        return {}
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in kept.items()]}
