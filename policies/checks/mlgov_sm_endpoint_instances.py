"""Every endpoint of production survives the loss of a zone."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem, within
from policies.sagemaker import in_production

VARIANTS = "production_variants"


class SmEndpointInstances(StackCheck):
    """Each variant has two instances or more, and does not scale below; a serverless variant has none to count."""

    policy = "CKV_MLGOV_137"
    title = "SageMaker endpoint of production has two instances or more"
    control = "SM-37"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_endpoint_configuration")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if not in_production(stack):
            return NOT_APPLICABLE
        counted = [block for block in subject.blocks(VARIANTS) if not block.blocks("serverless_config")]
        return holds(*(_problem(variant) for variant in counted)) if counted else NOT_APPLICABLE


def _problem(variant: Conf) -> Problem:
    problem = within(variant, "initial_instance_count", 2)
    if problem is None and variant.blocks("managed_instance_scaling"):
        problem = within(variant, "managed_instance_scaling.min_instance_count", 2)
    return f"{VARIANTS}.{problem}" if problem else None


check = SmEndpointInstances()
