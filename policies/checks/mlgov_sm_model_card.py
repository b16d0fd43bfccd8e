"""A model card of production is an approved one, under a key of the organisation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument, Unprovable
from policies.expectation import equal
from policies.key import customer_key
from policies.sagemaker import in_production

CARD = "AWS::SageMaker::ModelCard"


class SmModelCard(StackCheck):
    """Cards are made by CloudFormation, as the provider has none; each in production is Approved and names a key.

    Whether every model has a card cannot be seen here: the release pipeline demands it.
    """

    policy = "CKV_MLGOV_147"
    title = "SageMaker model card of production is approved and encrypted"
    control = "SM-47"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_cloudformation_stack")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        cards = _cards(subject)
        if not cards or not in_production(stack):
            return NOT_APPLICABLE
        return holds(*(problem for card in cards for problem in _problems(card)))


def _cards(subject: Conf) -> list[Conf]:
    text = subject.value("template_body")
    if CARD not in str(text):
        return []
    try:
        template = json.loads(str(text))
    except ValueError:
        raise Unprovable("template_body", text) from None
    resources = template.get("Resources", {}).items()
    return [Conf(body.get("Properties", {}), name) for name, body in resources if body.get("Type") == CARD]


def _problems(card: Conf) -> Iterator[str]:
    for problem in (
        equal(card, "ModelCardStatus", "Approved"),
        customer_key(card, "SecurityConfig.KmsKeyId"),
    ):
        if problem:
            yield f"model card {card.address}: {problem}"


check = SmModelCard()
