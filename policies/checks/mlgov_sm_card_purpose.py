"""A model card says what the model is for, whose it is, and how risky it is."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among, given
from policies.model_card import card_of

RISKS = ("High", "Low", "Medium")


class SmCardPurpose(PlatformCheck):
    """The card begins with purpose, intended use, owner and a risk rating; `Unknown` rates nothing."""

    policy = "CKV_MLGOV_438"
    title = "SageMaker model card says purpose, owner and risk"
    control = "SM-44"
    resources = ("aws_cloudcontrolapi_resource",)

    def judge(self, conf: Conf) -> Judgement:
        card = card_of(conf)
        if card is None:
            return NOT_APPLICABLE
        return holds(
            given(card, "Content.IntendedUses.PurposeOfModel"),
            given(card, "Content.IntendedUses.IntendedUses"),
            given(card, "Content.ModelOverview.ModelOwner"),
            among(card, "Content.IntendedUses.RiskRating", RISKS),
        )


check = SmCardPurpose()
