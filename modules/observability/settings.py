"""What may be set for the log archive, the history of configurations and the organisation trail."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Region, Shape, Strict, distinct
from modules.observability.alarm_settings import AlarmSettings
from modules.observability.intake_settings import LogIntakeSettings, LogSubscriptionSettings
from modules.observability.query_settings import LogQueriesSettings
from modules.observability.security_lake_settings import SecurityLakeSettings
from modules.observability.telemetry_settings import TelemetrySettings

BucketName = Annotated[
    str,
    Shape(
        r"[a-z0-9][a-z0-9.-]*[a-z0-9]",
        "the whole name of a bucket: lower-case letters, digits, . and -",
        63,
        shortest=3,
    ),
]
# For how many days each object of a storage class is billed at least: https://aws.amazon.com/s3/pricing/
_LEAST_INFREQUENT, _LEAST_COLD = 30, 90
BucketPrefix = Annotated[str, Shape(r"[a-z0-9][a-z0-9.-]*", "how names of buckets begin, such as acme-prod-lake-", 63)]
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
DataEvents = Literal[
    "AWS::Bedrock::AgentAlias",
    "AWS::Bedrock::Guardrail",
    "AWS::Bedrock::KnowledgeBase",
    "AWS::DynamoDB::Table",
    "AWS::Lambda::Function",
]
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html
EndpointService = Literal["cloudtrail", "ec2", "kms", "s3", "secretsmanager"]


class LogArchiveSettings(Strict):
    """The central log bucket. Days are counted from the arrival of an object.

    `lock_mode` COMPLIANCE means that nobody, the root user included, can delete a log before `lock_days`. Logs turn
    infrequent, cold and deep where days say so; what is deep is restored, for hours, before a query reads it.
    `copy_to` is a second governed region, in which every log has a copy.
    """

    lock_mode: Literal["COMPLIANCE", "GOVERNANCE"] = "COMPLIANCE"
    lock_days: Annotated[int, Field(ge=90, le=3650)] = 365
    infrequent_after_days: Annotated[int, Field(ge=30, le=3650)] | None = None
    cold_after_days: Annotated[int, Field(ge=30, le=3650)] = 90
    deep_after_days: Annotated[int, Field(ge=180, le=3650)] | None = None
    expire_after_days: Annotated[int, Field(ge=365, le=3650)] = 2557
    copy_to: Region | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        steps = ("infrequent_after_days", "cold_after_days", "deep_after_days", "expire_after_days")
        given = [(name, getattr(self, name)) for name in steps if getattr(self, name) is not None]
        for (sooner, days), (later, more) in pairwise(given):
            if not days < more:
                raise ValueError(f"{sooner} must be smaller than {later}")
        infrequent, deep = self.infrequent_after_days, self.deep_after_days
        if infrequent is not None and self.cold_after_days < infrequent + _LEAST_INFREQUENT:
            raise ValueError(
                f"infrequent_after_days must be {_LEAST_INFREQUENT} less than cold_after_days or fewer: AWS bills it"
            )
        if deep is not None and deep < self.cold_after_days + _LEAST_COLD:
            raise ValueError(
                f"deep_after_days must be at least {_LEAST_COLD} more than cold_after_days: AWS bills that many"
            )
        if self.expire_after_days < self.lock_days:
            raise ValueError("expire_after_days must not be smaller than lock_days: a locked log cannot expire")
        return self


class ConfigHistorySettings(Strict):
    """The bucket of AWS Config's history. Days are counted from the arrival of an object."""

    noncurrent_days: Annotated[int, Field(ge=90, le=3650)] = 365
    cold_after_days: Annotated[int, Field(ge=30, le=3650)] = 90
    expire_after_days: Annotated[int, Field(ge=365, le=3650)] = 2557

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.cold_after_days < self.expire_after_days:
            raise ValueError("cold_after_days must be smaller than expire_after_days")
        return self


class TrailSettings(Strict):
    """The organisation trail. `source: control-tower` makes none: Control Tower's own trail is used.

    What tells who used data, models and features is recorded always; the kinds of `also_recorded` are, too. Each data
    event costs. `recorded_buckets` are beginnings of names: given, no other bucket's objects are recorded. Those of
    `unrecorded_buckets` never are: for buckets that are written all the time and hold nothing that an auditor asks for.
    Nobody can tell later who read what is in them. `network_activity`: calls of these services by way of VPC
    endpoints, refused ones among them, by whomever; the provider knows no filter for these alone.
    """

    source: Literal["mlgov", "control-tower"] = "mlgov"
    insights: bool = True
    also_recorded: Annotated[tuple[DataEvents, ...], AfterValidator(distinct)] = ("AWS::Lambda::Function",)
    recorded_buckets: Annotated[tuple[BucketPrefix, ...], AfterValidator(distinct)] = ()
    unrecorded_buckets: Annotated[tuple[BucketName, ...], AfterValidator(distinct)] = ()
    network_activity: Annotated[tuple[EndpointService, ...], AfterValidator(distinct)] = ()


class ObservabilitySettings(Strict):
    """Settings of the module `observability`."""

    alarms: AlarmSettings = AlarmSettings()
    logs: LogArchiveSettings = LogArchiveSettings()
    config_history: ConfigHistorySettings = ConfigHistorySettings()
    trail: TrailSettings = TrailSettings()
    intake: LogIntakeSettings = LogIntakeSettings()
    log_groups: LogSubscriptionSettings = LogSubscriptionSettings()
    log_queries: LogQueriesSettings = LogQueriesSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    security_lake: SecurityLakeSettings = SecurityLakeSettings()
