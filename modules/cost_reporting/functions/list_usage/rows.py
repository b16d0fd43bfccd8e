"""What the inventory of usage says of one thing in one hour. Pure.

Times are text in UTC, such as `2026-11-23 09:00:00`, which Athena casts to a timestamp.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints

from modules.cost_reporting.functions.list_usage.gpus import gpus

# What runs and is paid by the hour; jobs have a beginning and an end.
ENDPOINT, APP, NOTEBOOK = "endpoint", "app", "notebook"
TRAINING, PROCESSING, TRANSFORM, TUNING = "training", "processing", "transform", "tuning"
USER, SPACE, PIPELINE, MODEL_GROUP, FEATURE_GROUP = "user", "space", "pipeline", "model-group", "feature-group"
_GLUE: Mapping[object, str] = {
    str: "string",
    str | None: "string",
    int: "bigint",
    int | None: "bigint",
    float: "double",
    float | None: "double",
}


@dataclass(frozen=True, slots=True)
class Hour:
    """The hour of which an inventory is taken, from `start` on."""

    start: datetime

    @classmethod
    def before(cls, time: datetime) -> Hour:
        """The last whole hour that was over at `time`."""
        return cls(time.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1))

    @property
    def end(self) -> datetime:
        """Its end, which belongs to the next one."""
        return self.start + timedelta(hours=1)

    def seconds(self, begun: datetime | None, ended: datetime | None) -> int:
        """For how long something ran within the hour; None as its end: it runs still, as its beginning: not yet."""
        if begun is None:
            return 0
        return max(int((min(ended or self.end, self.end) - max(begun, self.start)).total_seconds()), 0)


@dataclass(frozen=True, slots=True)
class Place:
    """The account and region that are listed, and the team that alone owns the account."""

    account: str
    account_id: str
    environment: str
    region: str
    team: str | None
    line_of_business: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in one hour. `part`: an endpoint's variant, an app's kind.

    `instances` times `seconds` is what it ran within the hour. `gpu_hours` is None where nobody knows how many GPUs the
    type has. `last_active`: an endpoint's last invocation, an app's last activity of its user, a group's last version,
    a pipeline's last start, the last change of others. `runs` counts a pipeline's starts within the hour. `serves` are
    the model groups that an endpoint answers with. `missing_tags` are those that the organisation requires, with
    commas.
    """

    kind: str
    name: str
    part: str | None
    arn: str
    account: str
    account_id: str
    environment: str
    region: str
    status: str
    user_name: str | None
    space_name: str | None
    domain_id: str | None
    line_of_business: str | None
    team: str | None
    product: str | None
    project: str | None
    missing_tags: str | None
    instance_type: str | None
    instances: int
    seconds: int
    instance_hours: float
    gpu_hours: float | None
    invocations: int | None
    runs: int | None
    serves: str | None
    created: str
    last_active: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A thing as AWS lists it, before it is said whose it is."""

    kind: str
    name: str
    arn: str
    status: str
    created: datetime
    part: str | None = None
    user_name: str | None = None
    space_name: str | None = None
    domain_id: str | None = None
    instance_type: str | None = None
    instances: int = 0
    seconds: int = 0
    invocations: int | None = None
    runs: int | None = None
    serves: str | None = None
    last_active: datetime | None = None

    def row(self, place: Place, tags: Mapping[str, str], required: Sequence[str]) -> Row:
        """Its row. What stands in an account that one team alone owns is that team's; elsewhere the tags say whose.

        Who has no such tag in an account of the platform or of a data domain has no owner here; `allocation` calls what
        that costs shared.
        """
        hours = self.instances * self.seconds / 3600
        each = gpus(self.instance_type)
        return Row(
            kind=self.kind,
            name=self.name,
            part=self.part,
            arn=self.arn,
            account=place.account,
            account_id=place.account_id,
            environment=place.environment,
            region=place.region,
            status=self.status,
            user_name=self.user_name,
            space_name=self.space_name,
            domain_id=self.domain_id,
            line_of_business=place.line_of_business or tags.get("LineOfBusiness"),
            team=place.team or tags.get("Team"),
            product=tags.get("Product"),
            project=tags.get("Project"),
            missing_tags=", ".join(tag for tag in required if not tags.get(tag)) or None,
            instance_type=self.instance_type,
            instances=self.instances,
            seconds=self.seconds,
            instance_hours=round(hours, 6),
            gpu_hours=None if each is None else round(hours * each, 6),
            invocations=self.invocations,
            runs=self.runs,
            serves=self.serves,
            created=_text(self.created),
            last_active=_text(self.last_active) if self.last_active else None,
        )


def columns(row: type[Any] = Row) -> dict[str, str]:
    """Name -> type in Glue of each field: what the function writes is what the table has."""
    hints = get_type_hints(row)
    return {field.name: _GLUE[hints[field.name]] for field in fields(row)}


def _text(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
