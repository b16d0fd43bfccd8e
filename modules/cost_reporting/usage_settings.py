"""What may be set for the inventory of usage, and for what is done about waste. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from modules.core.settings import Shape, Strict, distinct

TagKey = Annotated[str, Shape(r"[A-Za-z0-9_.:/=+@-]+", "the key of a tag: letters, digits and _.:/=+@-", 128)]
Mode = Literal["off", "dry-run", "on"]


class StopSettings(Strict):
    """What is stopped in development accounts off hours: apps of Studio, and no endpoint anywhere.

    `dry-run` records what would be stopped. Hours are whole ones in UTC, from the first until before the last; Saturday
    and Sunday are off hours. An app is stopped when its user was last active longer ago than `idle_hours`.
    """

    mode: Mode = "dry-run"
    working_from_hour: Annotated[int, Field(ge=0, le=12)] = 6
    working_until_hour: Annotated[int, Field(ge=13, le=24)] = 19
    idle_hours: Annotated[int, Field(ge=1, le=168)] = 2


class UsageSettings(Strict):
    """What counts as waste, in whole days or hours since somebody last used or changed it, and what must be tagged."""

    required_tags: Annotated[tuple[TagKey, ...], Field(min_length=1), AfterValidator(distinct)] = ("Team", "Project")
    idle_endpoint_days: Annotated[int, Field(ge=1, le=30)] = 7
    idle_app_hours: Annotated[int, Field(ge=1, le=720)] = 12
    forgotten_notebook_days: Annotated[int, Field(ge=1, le=365)] = 7
    stale_model_days: Annotated[int, Field(ge=1, le=1095)] = 180
    stop: StopSettings = StopSettings()
