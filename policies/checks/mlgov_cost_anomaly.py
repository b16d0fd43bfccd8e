"""Somebody hears of costs that nobody expected."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class CostAnomaly(PlatformCheck):
    """There is somebody to tell, and a bound: without one each cent above the expected is told, and nobody reads on."""

    policy = "CKV_MLGOV_471"
    title = "Subscription to anomalies tells somebody, from a bound on"
    control = "COST-08"
    resources = ("aws_ce_anomaly_subscription",)

    def judge(self, conf: Conf) -> Judgement:
        told = any(subscriber.given("address") for subscriber in conf.blocks("subscriber"))
        return holds(
            None if told else "no subscriber has an address",
            None if conf.blocks("threshold_expression") else "threshold_expression is not set",
        )


check = CostAnomaly()
