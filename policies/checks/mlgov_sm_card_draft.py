"""A model card that code makes is a draft, under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal
from policies.key import customer_key
from policies.model_card import card_of


class SmCardDraft(PlatformCheck):
    """Through Cloud Control a card begins as Draft and names a key: people move it on, and no merge approves it."""

    policy = "CKV_MLGOV_439"
    title = "SageMaker model card begins as an encrypted draft"
    control = "SM-47"
    resources = ("aws_cloudcontrolapi_resource",)

    def judge(self, conf: Conf) -> Judgement:
        card = card_of(conf)
        if card is None:
            return NOT_APPLICABLE
        return holds(equal(card, "ModelCardStatus", "Draft"), customer_key(card, "SecurityConfig.KmsKeyId"))


check = SmCardDraft()
