"""What an inventory of the registry says, from what SageMaker lists. Pure.

Rows are of two kinds, one JSON object a line: `Group`, one for each group of models, and `Version`. Days are whole
days that have passed, dates in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict

NAMESPACE = "mlgov/Models"
GROUPS = "groups.json"  # generated beside this file: name of a declared group -> `Declared`
PENDING, APPROVED, REJECTED = "PendingManualApproval", "Approved", "Rejected"
# Names of metrics: the first two are of the registry, the others of a team.
TAKEN, UNDECLARED = "InventoriesTaken", "UndeclaredGroups"
WAITING, IN_USE, CARDLESS, OLDEST = "VersionsPending", "VersionsApproved", "CardsMissing", "OldestPendingDays"
LIVE, UNAPPROVED, REVIEWED = "PlacesLive", "PlacesLiveUnapproved", "CardsPendingReview"
IN_REVIEW = "PendingReview"  # a card that somebody is to look at
# ARN of a version -> the accounts in which it was released last.
Live = Mapping[str, Sequence[str]]


class Declared(TypedDict):
    """What YAML says of a group. `places` are the accounts in which its model is served: it is live in no other."""

    team: str
    project: str
    places: list[str]


@dataclass(frozen=True, slots=True)
class Version:
    """One registered version of a model. `status` is of its registration, `approval` what people made of it.

    `live_in` are the accounts in which it is live, with commas, None where it is in none.
    """

    group_name: str
    version: int
    arn: str
    status: str
    approval: str
    created: str
    age_days: int
    live_in: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of models. `team` and `project` are None where nobody declared it, `card` where it has none.

    `live` are its versions by account, such as `fraud-prod: 3`, with commas; `places` counts them, `places_unapproved`
    those of a version that is not approved.
    """

    group_name: str
    team: str | None
    project: str | None
    created: str
    versions: int
    pending: int
    approved: int
    rejected: int
    latest_version: int | None
    latest_approved: int | None
    oldest_pending_days: int
    card: str | None
    live: str | None
    places: int
    places_unapproved: int


def versions(
    summaries: Iterable[Mapping[str, Any]], now: datetime, live: Live, places: Sequence[str]
) -> Iterator[Version]:
    """From the summaries that `ListModelPackages` gives of one group, whose model is served in `places`."""
    for summary in summaries:
        created = summary["CreationTime"].astimezone(UTC)
        yield Version(
            group_name=summary["ModelPackageGroupName"],
            version=summary["ModelPackageVersion"],
            arn=summary["ModelPackageArn"],
            status=summary["ModelPackageStatus"],
            approval=summary.get("ModelApprovalStatus", ""),
            created=created.isoformat(timespec="seconds"),
            age_days=max((now - created).days, 0),
            live_in=", ".join(each for each in live.get(summary["ModelPackageArn"], ()) if each in places) or None,
        )


def group(
    summary: Mapping[str, Any],
    found: Sequence[Version],
    declared: Mapping[str, Declared],
    cards: Mapping[str, str],
) -> Group:
    """From the summary that `ListModelPackageGroups` gives, and what is known of the group besides.

    `cards`: name -> status; a card is called as its group is.
    """
    name = summary["ModelPackageGroupName"]
    owner = declared.get(name)
    places = sorted(
        ((account, each) for each in found if each.live_in for account in each.live_in.split(", ")),
        key=lambda place: place[0],
    )
    by_approval = {state: [each for each in found if each.approval == state] for state in (PENDING, APPROVED, REJECTED)}
    return Group(
        group_name=name,
        team=owner["team"] if owner else None,
        project=owner["project"] if owner else None,
        created=summary["CreationTime"].astimezone(UTC).isoformat(timespec="seconds"),
        versions=len(found),
        pending=len(by_approval[PENDING]),
        approved=len(by_approval[APPROVED]),
        rejected=len(by_approval[REJECTED]),
        latest_version=max((each.version for each in found), default=None),
        latest_approved=max((each.version for each in by_approval[APPROVED]), default=None),
        oldest_pending_days=max((each.age_days for each in by_approval[PENDING]), default=0),
        card=cards.get(name),
        live=", ".join(f"{account}: {each.version}" for account, each in places) or None,
        places=len(places),
        places_unapproved=sum(each.approval != APPROVED for _, each in places),
    )


def metrics(groups: Sequence[Group], teams: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What CloudWatch is told: of every team, also of one that has no model yet, so that a zero is no silence."""
    yield _metric(TAKEN, 1)
    yield _metric(UNDECLARED, sum(each.team is None for each in groups))
    for team in sorted(set(teams)):
        own = [each for each in groups if each.team == team]
        yield _metric(WAITING, sum(each.pending for each in own), team)
        yield _metric(IN_USE, sum(each.approved for each in own), team)
        yield _metric(CARDLESS, sum(each.card is None for each in own), team)
        yield _metric(LIVE, sum(each.places for each in own), team)
        yield _metric(UNAPPROVED, sum(each.places_unapproved for each in own), team)
        yield _metric(REVIEWED, sum(each.card == IN_REVIEW for each in own), team)
        yield _metric(OLDEST, max((each.oldest_pending_days for each in own), default=0), team)


def rows(found: Iterable[Group | Version]) -> Iterator[dict[str, Any]]:
    """As they are written."""
    return (asdict(each) for each in found)


def _metric(name: str, value: int, team: str | None = None) -> dict[str, Any]:
    dimensions = [{"Name": "Team", "Value": team}] if team else []
    return {"MetricName": name, "Dimensions": dimensions, "Value": float(value), "Unit": "Count"}
