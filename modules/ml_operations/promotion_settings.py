"""What may be set for copies of approved models in the central registry. No cdktf here."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from modules.core.settings import AccountId, Strict, distinct


class PromotionSettings(Strict):
    """`largest_gib`: of all files of a version; `largest_image_gib`: of one image of ours, by its layers.

    A run has 15 minutes: both are what it copies in that time with room to spare. `trusted_registries` are accounts
    whose images production pulls, beside ours and AWS's own.
    """

    largest_gib: Annotated[int, Field(ge=1, le=500)] = 100
    largest_image_gib: Annotated[int, Field(ge=1, le=30)] = 15
    trusted_registries: Annotated[tuple[AccountId, ...], AfterValidator(distinct)] = ()
