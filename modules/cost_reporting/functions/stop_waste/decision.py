"""What is stopped, when, and what is said of it. Pure.

Nothing is stopped of which nobody can tell that it is idle, and nothing that its owner asked to keep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from modules.cost_reporting.studio_apps import IN_SERVICE, StudioApp

# A tag of the app's space, or of its user, with the last day on which it is kept: 2026-11-30.
KEEP_TAG = "KeepRunningUntil"
# Apps whose work lies on a volume that stays, and of which AWS tells when their user was last active.
KINDS = ("CodeEditor", "JupyterLab", "KernelGateway")
STOPPED, WOULD_STOP, KEPT, FAILED = "stopped", "would stop", "kept", "failed"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """When an app is stopped: as the settings say, in hours of UTC."""

    from_hour: int
    until_hour: int
    idle_hours: int

    def off_hours(self, now: datetime) -> bool:
        """Whether nobody is expected to work."""
        utc = now.astimezone(UTC)
        return utc.weekday() >= _SATURDAY or not self.from_hour <= utc.hour < self.until_hour

    def idle(self, app: StudioApp, now: datetime) -> bool:
        """Whether the app runs on a machine, and its user was known to be active, too long ago."""
        return (
            app.status == IN_SERVICE
            and app.key["AppType"] in KINDS
            and app.instance_type not in (None, "system")
            and app.last_active is not None
            and now - max(app.last_active, app.created) > timedelta(hours=self.idle_hours)
        )


@dataclass(frozen=True, slots=True)
class Stop:
    """What was done about one app. `outcome` is one of the words above, `detail` AWS's error or the owner's date."""

    taken_at: str
    account: str
    account_id: str
    region: str
    team: str | None
    user_name: str | None
    arn: str
    app_type: str
    instance_type: str | None
    last_active: str | None
    outcome: str
    detail: str | None


def kept_until(tags: Mapping[str, str], now: datetime) -> str | None:
    """The day until which the owner asked to keep it; None when there is none, or it is over.

    A day that cannot be read keeps it for good: its owner wanted something.
    """
    asked = tags.get(KEEP_TAG)
    if asked is None:
        return None
    try:
        over = date.fromisoformat(asked) < now.astimezone(UTC).date()
    except ValueError:
        over = False
    return None if over else asked


def notice(account: str, stops: Sequence[Stop]) -> str | None:
    """What the owners are told; None where nothing was stopped."""
    stopped = [each for each in stops if each.outcome == STOPPED]
    if not stopped:
        return None
    lines = [
        f"- {each.app_type} of {each.user_name or 'nobody'} on {each.instance_type} in {each.region}, "
        f"last active {each.last_active} UTC"
        for each in stopped
    ]
    return "\n".join(
        (
            f"Off hours, these apps of SageMaker Studio in {account} were idle and have been stopped. Files on their "
            "volumes are kept; opening the space starts it again.",
            "",
            *lines,
            "",
            f"To keep one running, tag its space with {KEEP_TAG} and a day such as 2026-11-30.",
        )
    )
