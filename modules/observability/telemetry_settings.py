"""What may be set for what accounts show to their observability account, and for the logs they keep. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Shape, Strict, distinct
from modules.observability.log_catalogue import LogPurposeName

# CloudWatch takes five AND and OR in a filter: one list of whole names, and as many prefixes.
# https://docs.aws.amazon.com/OAM/latest/APIReference/API_LinkConfiguration.html
_PREFIXES = 5
_FILTER_LIMIT = 2000


def _few_prefixes(patterns: tuple[str, ...]) -> tuple[str, ...]:
    prefixes = [pattern for pattern in patterns if pattern.endswith("*")]
    if len(prefixes) > _PREFIXES:
        raise ValueError(f"must have at most {_PREFIXES} entries that end with *, and has {len(prefixes)}")
    if sum(len(pattern) + 24 for pattern in patterns) > _FILTER_LIMIT:
        raise ValueError("has more text than CloudWatch takes as a filter (2,000 characters): use prefixes with *")
    return patterns


_Pattern = Annotated[
    str, Shape(r"[A-Za-z0-9/_.#:-]+\*?|\*", "a name, a prefix that ends with *, or * alone for everything", 200)
]
_Patterns = Annotated[tuple[_Pattern, ...], AfterValidator(distinct), AfterValidator(_few_prefixes)]

# What the platform is made of: what its dashboards show and its alarms watch.
PLATFORM_NAMESPACES = (
    "/aws/sagemaker/*",  # instances of endpoints, jobs and transforms, and what monitors measure
    "AWS/SageMaker*",
    "AWS/Sagemaker/ModelBuildingPipeline",  # so spelt by AWS
    "aws/sagemaker/*",
    "mlgov/*",  # what our functions and jobs count
    "CloudWatchSynthetics",
    "AWS/ApplicationELB",
    "AWS/Athena",
    "AWS/Bedrock",
    "AWS/CloudWatch/MetricStreams",
    "AWS/CodeBuild",
    "AWS/DynamoDB",
    "AWS/EFS",
    "AWS/Events",
    "AWS/Firehose",
    "AWS/KMS",
    "AWS/Lambda",
    "AWS/Logs",
    "AWS/NATGateway",
    "AWS/NetworkFirewall",
    "AWS/PrivateLinkEndpoints",
    "AWS/S3",
    "AWS/SNS",
    "AWS/SQS",
    "AWS/Scheduler",
    "AWS/States",
    "AWS/TransitGateway",
    "AWS/Usage",
    "AWS/X-Ray",
    "Glue",
)


class LinkSettings(Strict):
    """What an account shows to its observability account. CloudWatch bills neither metrics and logs nor a first copy of
    traces that are shared.

    `metrics` are namespaces, `log_groups` names of log groups: whole, or a prefix that ends with `*`. What is left out
    stays where it is and is merely not seen: the fewer, the less noise in searches, and the more that a dashboard
    lacks.
    """

    metrics: _Patterns = PLATFORM_NAMESPACES
    log_groups: _Patterns = ("/aws/*", "/aws-glue/*")
    traces: bool = True

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.metrics and not self.log_groups and not self.traces:
            raise ValueError("shows nothing: name metrics or log_groups, or leave traces on")
        return self


# Those that are the same in every country; all others end with the code of one.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-managed-data-identifiers.html
_OF_EVERY_COUNTRY = (
    "Address",
    "AwsSecretKey",
    "CreditCardExpiration",
    "CreditCardNumber",
    "CreditCardSecurityCode",
    "EmailAddress",
    "IpAddress",
    "LatLong",
    "Name",
    "OpenSshPrivateKey",
    "PgpPrivateKey",
    "PkcsPrivateKey",
    "PuttyPrivateKey",
    "VehicleIdentificationNumber",
)


def _with_its_country(identifier: str) -> str:
    if ("-" in identifier) == (identifier.partition("-")[0] in _OF_EVERY_COUNTRY):
        known = ", ".join(_OF_EVERY_COUNTRY)
        raise ValueError(f"must end with a country, such as PhoneNumber-GB, and only these without: {known}")
    return identifier


# Those that CloudWatch Logs takes, from a year on, which is what AWS Config asks for (LOG-03).
LogDays = Literal[365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protect-sensitive-log-data-types.html
DataIdentifier = Annotated[
    str,
    Shape(r"[A-Z][A-Za-z]+(?:-[A-Z]{2})?", "a managed data identifier such as EmailAddress or PhoneNumber-GB", 64),
    AfterValidator(_with_its_country),
]
IndexedField = Annotated[str, Shape(r"[A-Za-z0-9_@$.:/-]+", "the name of a field in log lines, such as level", 100)]
_SECRETS = (
    "AwsSecretKey",
    "OpenSshPrivateKey",
    "PgpPrivateKey",
    "PkcsPrivateKey",
    "PuttyPrivateKey",
)
# What Powertools' Logger writes into each line, by which a failure is followed from function to function.
_FOLLOWED = ("correlation_id", "function_request_id", "level", "service", "xray_trace_id")


class LogSettings(Strict):
    """Log groups that AWS would make by itself, and what holds for all log groups of an account.

    `days`: how long each is kept; `days_by_purpose` names single ones as the catalogue does. `masked`: managed data
    identifiers. What matches is masked as it arrives, for queries, filters and the log archive alike, and only
    `logs:Unmask` shows it; CloudWatch bills it by the gigabyte that it scans, and an empty list scans nothing.
    `indexed`: fields that queries skip by, at no cost.
    """

    days: LogDays = 365
    days_by_purpose: dict[LogPurposeName, LogDays] = Field(default_factory=dict)
    masked: Annotated[tuple[DataIdentifier, ...], AfterValidator(distinct)] = (
        *_SECRETS,
        "CreditCardNumber",
        "EmailAddress",
    )
    indexed: Annotated[tuple[IndexedField, ...], AfterValidator(distinct), Field(max_length=20)] = _FOLLOWED

    def days_of(self, purpose: LogPurposeName) -> int:
        """How long log groups of the purpose are kept."""
        return self.days_by_purpose.get(purpose, self.days)


class InvocationLogSettings(Strict):
    """What models of Bedrock are asked and answer, in accounts of teams, where private endpoints offer Bedrock.

    Kept whole for `expire_after_days` (the EU AI Act asks for six months) and masked in a log group. What people type
    is in it: off is for who may not keep that.
    """

    enabled: bool = True
    expire_after_days: Annotated[int, Field(ge=183, le=3650)] = 365


class TelemetrySettings(Strict):
    """Telemetry of every account."""

    link: LinkSettings = LinkSettings()
    logs: LogSettings = LogSettings()
    invocations: InvocationLogSettings = InvocationLogSettings()
