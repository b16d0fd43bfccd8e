"""How traffic moves to a new version, and what moves it back. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modules.core.settings import Strict

Shift = Literal["all-at-once", "canary", "linear", "rolling"]
# Terraform waits an hour for an endpoint to be updated; starting the new instances takes its part of it.
_LONGEST_MINUTES = 45


class Rollout(Strict):
    """How an endpoint takes a new version.

    `canary`: a part of the traffic first, then all; `linear`: part by part; `all-at-once`: all, the old instances
    standing by; `rolling`: instances are replaced part by part, with few beside those that serve. `percent` is the
    part: AWS takes 10 to 50. After each step alarms are watched for `bake_minutes`; one that goes off takes everything
    back. The old instances stand by for as long, too.
    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
    """

    shift: Shift = "canary"
    percent: Annotated[int, Field(ge=10, le=50)] = 20
    bake_minutes: Annotated[int, Field(ge=1, le=40)] = 10

    @property
    def steps(self) -> int:
        """After how many steps all traffic has moved."""
        return {"all-at-once": 1, "canary": 2}.get(self.shift, -(-100 // self.percent))

    @model_validator(mode="after")
    def _moves_all_or_a_part(self) -> Self:
        if self.shift == "all-at-once" and "percent" in self.model_fields_set:
            raise ValueError("must not have percent with shift all-at-once: all traffic moves in one step")
        return self

    @model_validator(mode="after")
    def _ends_while_terraform_waits(self) -> Self:
        if (minutes := self.steps * self.bake_minutes) > _LONGEST_MINUTES:
            raise ValueError(
                f"must bake for {_LONGEST_MINUTES} minutes in all at most, and does for {minutes} "
                f"({self.steps} steps): shorten bake_minutes, or take a greater percent"
            )
        return self


class Thresholds(Strict):
    """What an endpoint's owner hears of; latency and server errors take a new version back, too.

    Latency is that of the model, of all but the slowest hundredth of requests; errors are percent of requests.
    `silent_hours`: for so long nobody asked; None: that is no news.
    """

    latency_p99_ms: Annotated[int, Field(ge=1, le=3_600_000)] | None = None
    server_error_percent: Annotated[float, Field(gt=0, le=100)] = 1.0
    client_error_percent: Annotated[float, Field(gt=0, le=100)] = 20.0
    silent_hours: Annotated[int, Field(ge=1, le=24)] | None = None
