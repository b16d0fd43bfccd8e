"""Endpoints of production scale."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.relation import names, naming

TARGET = re.compile(r"^endpoint/(?P<endpoint>.+)/variant/(?P<variant>.+)$")


class CostEndpointScales(StackCheck):
    """Each variant on instances scales: by managed instance scaling, or as a target of Application Auto Scaling.

    In production, and in a stack that tells no environment; a serverless variant scales by itself.
    """

    policy = "CKV_MLGOV_275"
    title = "SageMaker endpoint of production scales with its load"
    control = "COST-04"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_endpoint_configuration")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if stack.environment not in ("prod", None):
            return NOT_APPLICABLE
        scaled = set(_scaled(subject, stack))
        return holds(
            *(
                f"variant {variant.value('variant_name')} neither has managed_instance_scaling"
                " nor is a target of aws_appautoscaling_target in this stack"
                for variant in subject.blocks("production_variants")
                if not _scales_itself(variant) and str(variant.value("variant_name")) not in scaled
            )
        )


def _scales_itself(variant: Conf) -> bool:
    managed = variant.blocks("managed_instance_scaling")
    return bool(variant.blocks("serverless_config")) or any(one.literal("status") == "ENABLED" for one in managed)


def _scaled(configuration: Conf, stack: StackDocument) -> Iterator[str]:
    """The variants, of the endpoints that use the configuration, that some target of the stack scales."""
    endpoints = list(naming(stack, configuration, "name", "endpoint_config_name", "aws_sagemaker_endpoint"))
    for target in stack.resources("aws_appautoscaling_target"):
        found = TARGET.match(str(target.value("resource_id")))
        if found and any(names(found["endpoint"], endpoint, "name") for endpoint in endpoints):
            yield found["variant"]


check = CostEndpointScales()
