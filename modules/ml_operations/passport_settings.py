"""What may be set for the evidence that a release to production needs. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import RolePattern, Shape, Strict, distinct

CardStatus = Literal["PendingReview", "Approved"]
Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED", "UNTRIAGED"]
Risk = Literal["low", "medium", "high"]


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("must be a day such as 2027-03-31") from error
    return text


class ScanWaiver(Strict):
    """A finding of image scans that is tolerated through the day `until`, for all projects. `reason` says why.

    What has run out is told when a release meets it; nothing is released with it.
    """

    finding: Annotated[str, Shape(r"[A-Za-z0-9:._/-]+", "the id of a finding such as CVE-2026-0001", 64, shortest=4)]
    until: Annotated[
        str, Shape(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day such as 2027-03-31", 10, shortest=10), AfterValidator(_day)
    ]
    reason: Annotated[str, Shape(r"[^\n]*\S[^\n]*", "one line that is not blank", 160, shortest=10)]


def _each_finding_once(waivers: tuple[ScanWaiver, ...]) -> tuple[ScanWaiver, ...]:
    distinct(tuple(waiver.finding for waiver in waivers))
    return waivers


class RiskDemands(Strict):
    """What a model of one risk needs beside what all need.

    `approvers`: how many different people must have approved, in dev and in the central registry. `card`: how far its
    card must have come. `refuses`: the severities of image findings with which nothing is released.
    """

    approvers: Annotated[int, Field(ge=1, le=2)] = 1
    card: CardStatus = "PendingReview"
    refuses: Annotated[tuple[Severity, ...], Field(min_length=1), AfterValidator(distinct)] = ("CRITICAL",)


class PassportSettings(Strict):
    """Passports are kept for `keep_years` and cannot be deleted before, by anybody.

    Ten years are what the EU's AI Act asks of a high-risk system's documentation (Regulation (EU) 2024/1689, article
    18). `readers` are the roles that may read them, by ARN after `role/`, with `*` for any text.
    """

    keep_years: Annotated[int, Field(ge=1, le=90)] = 10
    low: RiskDemands = RiskDemands()
    medium: RiskDemands = RiskDemands()
    high: RiskDemands = RiskDemands(approvers=2, card="Approved")
    waivers: Annotated[tuple[ScanWaiver, ...], Field(max_length=15), AfterValidator(_each_finding_once)] = ()
    readers: Annotated[tuple[RolePattern, ...], Field(min_length=1)] = tuple(
        f"aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-{persona}_*"
        for persona in ("ml-governance-lead", "security-auditor")
    )

    @property
    def by_risk(self) -> Mapping[Risk, RiskDemands]:
        """What a model needs, by its risk."""
        return {"low": self.low, "medium": self.medium, "high": self.high}

    @model_validator(mode="after")
    def _asks_more_of_more_risk(self) -> Self:
        for lower, higher in (("low", "medium"), ("medium", "high")):
            less, more = getattr(self, lower), getattr(self, higher)
            faults = {
                "approvers": more.approvers < less.approvers,
                "card": less.card == "Approved" and more.card != "Approved",
                "refuses": bool(set(less.refuses) - set(more.refuses)),
            }
            for asked, wrong in faults.items():
                if wrong:
                    raise ValueError(f"must not ask less of {higher} than of {lower} risk: raise {higher}.{asked}")
        return self
