"""What may be set for synthetic checks of endpoints in production, and what they count. No cdktf here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modules.core.settings import Strict
from modules.ml_operations.serving_settings import ServedAs

# What a check counts: one that found something wrong, how often it asked, and the median answer in milliseconds.
FAILED, REQUESTS, MILLIS = "CheckFailed", "CheckRequests", "CheckMilliseconds"


class CheckSettings(Strict):
    """Endpoints that answer at once in production are asked what their version was asked when it was made.

    `every_minutes`: how often; answers may differ by the tolerance of releases.
    """

    enabled: bool = True
    every_minutes: Annotated[int, Field(ge=5, le=60)] = 15


def is_checked(settings: CheckSettings, served: ServedAs) -> bool:
    """Whether an endpoint is asked by the calendar: in production, where it answers at once."""
    return settings.enabled and served.mode == "real-time" and served.stage == "prod"
