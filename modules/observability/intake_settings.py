"""What may be set for the way of log groups into the log archive."""

from __future__ import annotations

import json
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import AccountId, Shape, Strict, distinct
from modules.observability.telemetry_settings import LogDays

LogGroupName = Annotated[
    str, Shape(r"[A-Za-z0-9._/#-]+", "the whole name of a log group: letters, digits and ._/#-; AWS takes no *", 512)
]
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
CRITERIA_LIMIT = 25_000  # bytes


class OutsideDestination(Strict):
    """A destination of CloudWatch Logs that is not the platform's: of this name in each governed region."""

    account: AccountId
    name: Annotated[str, Shape(r"[A-Za-z0-9._/#-]+", "the name of a destination", 512)]


class LogSubscriptionSettings(Strict):
    """Which log groups of an account reach the log archive. All do, now and later, apart from `excluded_log_groups`.

    Each gigabyte costs three times: as it is logged, as it passes the intake and as it is kept. The defaults leave out
    what lies in the archive in another form (Control Tower's trail) or is metrics (RDS). `filter_pattern` is CloudWatch
    Logs' own and lets pass what matches; without one, all does. `outside` sends to a destination of one's own.
    """

    enabled: bool = True
    excluded_log_groups: Annotated[tuple[LogGroupName, ...], AfterValidator(distinct)] = (
        "RDSOSMetrics",
        "aws-controltower/CloudTrailLogs",
    )
    filter_pattern: Annotated[str, Field(max_length=1024)] = ""
    outside: OutsideDestination | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(selection_criteria(self.excluded_log_groups)) > CRITERIA_LIMIT:
            raise ValueError(
                f"excluded_log_groups must fit into {CRITERIA_LIMIT} bytes: AWS takes no longer list of names"
            )
        return self


class LogIntakeSettings(Strict):
    """How the intake gathers before it writes an object: until one of both is reached. Its own log is kept `log_days`.

    Less than 64 MB is not possible, as the objects are told apart by account
    (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-s3bucketprefix.html). Objects are the fewer
    and cheaper the longer it waits; `late_after_seconds` is when an alarm says that logs do not arrive.
    """

    buffer_mb: Annotated[int, Field(ge=64, le=128)] = 128
    buffer_seconds: Annotated[int, Field(ge=60, le=900)] = 300
    late_after_seconds: Annotated[int, Field(ge=300, le=86400)] = 3600
    log_days: LogDays = 365

    @model_validator(mode="after")
    def _patient(self) -> Self:
        if self.late_after_seconds < 2 * self.buffer_seconds:
            raise ValueError("late_after_seconds must be at least twice buffer_seconds: logs wait that long on purpose")
        return self


def selection_criteria(excluded: tuple[str, ...]) -> str:
    """The log groups of an account but these, in the words of CloudWatch Logs, which knows whole names only."""
    return f"LogGroupName NOT IN {json.dumps(list(excluded))}"
