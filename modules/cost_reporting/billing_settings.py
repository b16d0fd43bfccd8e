"""What may be set for exports of costs, and whose costs are. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from modules.core.settings import Strict, TagValue
from modules.cost_reporting.allocation import Method


class SplitSettings(Strict):
    """How what all share is charged to lines of business: by what each costs itself, unless `method` says otherwise.

    `percent` (line of business -> whole per cent, 100 in all) goes with `method: FIXED`, and with nothing else.
    """

    method: Method = "PROPORTIONAL"
    percent: dict[TagValue, Annotated[int, Field(ge=0, le=100)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if (self.method == "FIXED") != bool(self.percent):
            raise ValueError("must have percent with method: FIXED, and with no other method")
        if self.percent and (total := sum(self.percent.values())) != 100:
            raise ValueError(f"must have per cent that add up to 100, and these add up to {total}")
        return self


class ExportSettings(Strict):
    """The bucket of the exports of costs. Days are counted from the arrival of an object.

    AWS writes an export of a month anew until the bill is final, and never after.
    """

    noncurrent_days: Annotated[int, Field(ge=7, le=365)] = 30
    cold_after_days: Annotated[int, Field(ge=90, le=3650)] = 180
    expire_after_days: Annotated[int, Field(ge=365, le=3650)] = 2557
