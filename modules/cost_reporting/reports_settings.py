"""What may be set for the reports over costs and usage. No cdktf here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modules.core.settings import Strict


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
