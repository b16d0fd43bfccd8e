"""What may scale has something that scales it."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.relation import naming

SCALERS = ("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action")


class CostScalingPolicy(StackCheck):
    """A target for SageMaker has room between its bounds, and a policy or schedule in its stack that moves it."""

    policy = "CKV_MLGOV_276"
    title = "Scaling target of SageMaker has a range and a scaling policy"
    control = "COST-04"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_appautoscaling_target")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if subject.literal("service_namespace") != "sagemaker":
            return NOT_APPLICABLE
        low, high = subject.number("min_capacity") or 0, subject.number("max_capacity") or 0
        scaled = any(naming(stack, subject, "resource_id", "resource_id", *SCALERS))
        return holds(
            None if low < high else f"max_capacity is {high} and min_capacity {low}: nothing can scale",
            None if scaled else f"no {' or '.join(SCALERS)} of this stack scales the target",
        )


check = CostScalingPolicy()
