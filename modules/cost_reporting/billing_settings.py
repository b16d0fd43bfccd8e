"""What may be set for exports of costs, and whose costs are. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Email, Strict, TagValue, TeamName, distinct
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

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.cold_after_days < self.expire_after_days:
            raise ValueError("cold_after_days must be smaller than expire_after_days")
        return self


class LineOfBusinessBudget(Strict):
    """What a line of business means to spend in a month, in USD, and who hears of its costs."""

    monthly_usd: Annotated[int, Field(ge=1, le=100_000_000)]
    owner: Email


class CostBudgetSettings(Strict):
    """Budgets of lines of business, teams and products; those of teams and products stand in their own files.

    The owner, and FinOps, hear when the real costs of a month pass `actual_percent` of the budget, and when the
    forecast passes `forecast_percent`. `brakes` names teams which, once `brake_percent` are spent, may be kept from
    starting new jobs and endpoints in their accounts for dev and test: AWS proposes it, and a person approves.
    """

    actual_percent: Annotated[int, Field(ge=1, le=100)] = 80
    forecast_percent: Annotated[int, Field(ge=1, le=100)] = 100
    lines_of_business: dict[TagValue, LineOfBusinessBudget] = Field(default_factory=dict)
    brakes: Annotated[tuple[TeamName, ...], AfterValidator(distinct)] = ()
    brake_percent: Annotated[int, Field(ge=50, le=200)] = 100


class AnomalySettings(Strict):
    """Costs that AWS did not expect: who hears, hears of what is at least so much, in USD and in per cent, above it."""

    minimum_usd: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    minimum_percent: Annotated[int, Field(ge=1, le=1000)] = 20
    frequency: Literal["DAILY", "WEEKLY"] = "DAILY"


class BillingSettings(Strict):
    """What is told of costs in the management account, beside their exports.

    `allocation_tags`: which tags are activated for the allocation of costs. AWS knows a key only when a resource has
    carried it for up to a day, and refuses it before: `none` at first, `own` a day after the first apply, `all` a day
    after somebody has worked in Studio (docs/cost-allocation.md).
    """

    allocation_tags: Literal["none", "own", "all"] = "none"
    budgets: CostBudgetSettings = CostBudgetSettings()
    anomalies: AnomalySettings = AnomalySettings()
