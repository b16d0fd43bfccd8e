"""An endpoint serves models that were judged with it."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem
from policies.sagemaker import named, variants


class SmEndpointModel(StackCheck):
    """Each variant names a model of its own stack; the origin of any other cannot be told here."""

    policy = "CKV_MLGOV_138"
    title = "SageMaker endpoint serves models of its stack"
    control = "SM-38"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_sagemaker_endpoint_configuration")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        models = [*stack.resources("aws_sagemaker_model")]
        return holds(*(_problem(path, variant.value("model_name"), models) for path, variant in variants(subject)))


def _problem(path: str, name: object, models: list[Conf]) -> Problem:
    known = any(named(name, model) for model in models)
    return None if known else f"{path}.model_name is {name}, no model of this stack"


check = SmEndpointModel()
