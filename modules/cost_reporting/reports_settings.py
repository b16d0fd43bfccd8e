"""What may be set for the reports over costs and usage. No cdktf here."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from modules.core.settings import Email, Schedule, Shape, Strict, TagValue, distinct

_Told = Annotated[tuple[Email, ...], Field(min_length=1), AfterValidator(distinct)]


class ShowbackSettings(Strict):
    """What lines of business are told, and when. `schedule` is in UTC and of the month after: AWS bills late.

    `recipients` (line of business -> who is told, by e-mail) stand in for the owners of its teams.
    """

    schedule: Schedule = "cron(0 6 8 * ? *)"
    recipients: dict[TagValue, _Told] = Field(default_factory=dict)


GroupName = Annotated[str, Shape(r"[A-Za-z0-9_.@+-]+", "the name of a group in QuickSight", 128)]


class QuickSightSettings(Strict):
    """The dashboard of costs in Amazon QuickSight, of which the group `administrators` owns the data.

    `refreshed_at` is the time of day, in UTC.
    """

    administrators: GroupName
    refreshed_at: Annotated[str, Shape(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", "a time of day such as 05:30", 5)] = "05:30"


class ReportsSettings(Strict):
    """Where reports lie and how they are queried. Days are counted from the arrival of an object.

    AWS writes the exports anew several times a day, so that what is overwritten goes sooner than what is kept.
    `scan_limit_gb` is in 10^9 bytes: one query that would scan more is cancelled.
    `keep_months` is how far back tables reach into the exports.
    """

    keep_months: Annotated[int, Field(ge=13, le=120)] = 38
    keep_overwritten_days: Annotated[int, Field(ge=7, le=365)] = 35
    keep_usage_days: Annotated[int, Field(ge=90, le=3650)] = 400
    keep_results_days: Annotated[int, Field(ge=1, le=365)] = 30
    scan_limit_gb: Annotated[int, Field(ge=1, le=10_000)] = 100
    showback: ShowbackSettings = ShowbackSettings()
    quicksight: QuickSightSettings | None = None
