"""An endpoint serves a configuration that was judged with it."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.sagemaker import named


class SmEndpointConfig(StackCheck):
    """The endpoint names a configuration of its own stack; any other is one that nobody of ours need have judged.

    No graph policy: in a plan of what exists already the name stands where the stack has a reference.
    """

    policy = "CKV_MLGOV_178"
    title = "SageMaker endpoint serves a configuration of its stack"
    control = "SM-38"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_endpoint")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        name = subject.value("endpoint_config_name")
        known = any(named(name, config) for config in stack.resources("aws_sagemaker_endpoint_configuration"))
        return holds(None if known else f"endpoint_config_name is {name}, no configuration of this stack")


check = SmEndpointConfig()
