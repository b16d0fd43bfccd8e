"""Every endpoint of production survives the loss of a zone."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem, within
from policies.sagemaker import in_production, variants


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
        counted = [(path, block) for path, block in variants(subject) if not block.blocks("serverless_config")]
        problems = [_problem(path, variant) for path, variant in counted if path == "production_variants"]
        return holds(*problems) if problems else NOT_APPLICABLE


def _problem(path: str, variant: Conf) -> Problem:
    problem = within(variant, "initial_instance_count", 2)
    if problem is None and variant.blocks("managed_instance_scaling"):
        problem = within(variant, "managed_instance_scaling.min_instance_count", 2)
    return f"{path}.{problem}" if problem else None


check = SmEndpointInstances()
