"""Somebody hears of a budget before it is spent."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf

SUBSCRIBERS = ("subscriber_email_addresses", "subscriber_sns_topic_arns")


class CostBudgetAlerts(PlatformCheck):
    """One alert is on what is spent and one on what is forecast, each at 100 % or less and with a subscriber.

    A budget without alerts only draws a line; an alert on a forecast leaves time to act.
    """

    policy = "CKV_MLGOV_272"
    title = "Budget alerts somebody of spending and of its forecast"
    control = "COST-03"
    resources = ("aws_budgets_budget",)

    def judge(self, conf: Conf) -> Judgement:
        told = [alert.literal("notification_type") for alert in conf.blocks("notification") if _in_time(alert)]
        return holds(
            *(
                f"no notification of type {kind} at 100 % or less has a subscriber"
                for kind in ("ACTUAL", "FORECASTED")
                if kind not in told
            )
        )


def _in_time(alert: Conf) -> bool:
    relative = alert.literal("threshold_type") == "PERCENTAGE" and alert.literal("comparison_operator") != "LESS_THAN"
    return relative and (alert.number("threshold") or 0) <= 100 and any(map(alert.given, SUBSCRIBERS))


check = CostBudgetAlerts()
