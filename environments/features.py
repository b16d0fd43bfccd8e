"""Where feature groups stand, who uses the central ones and who finds them: what stacks of the feature store ask.

No cdktf here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from environments.lake import Desk, desks
from environments.model import Account, Organization
from modules.feature_store.settings import FeatureGroupSpec, Reach
from modules.feature_store.user import Level

LEVELS: tuple[Level, ...] = ("read", "read_write", "admin")
CENTRAL = "the central feature store"  # how edges call it


def central_group(group: str) -> str:
    """How edges call one central group."""
    return f"the central feature group {group}"


@dataclass(frozen=True, slots=True)
class Store:
    """Feature groups in one account, sorted by name: the central ones, or those that a team (`desk`) develops."""

    account: Account
    groups: tuple[FeatureGroupSpec, ...]
    desk: Desk | None = None


@dataclass(frozen=True, slots=True)
class FeatureUser:
    """A team that uses central groups from one of its accounts. `levels`: feature group -> what it may do with it."""

    desk: Desk
    levels: dict[str, Level]

    @property
    def feeds(self) -> tuple[str, ...]:
        """The groups that it sends records to: those that it may write."""
        return tuple(sorted(group for group, level in self.levels.items() if level != "read"))

    def recalls(self, organization: Organization) -> bool:
        """Whether any of the groups has a history that it reads."""
        return any(group.offline and group.feature_group in self.levels for group in organization.features)


def stores(organization: Organization) -> Iterator[Store]:
    """The store of every team that has groups, in its dev account; then the central store, when anything is in it.

    A team whose dev account has the central store, too, has its central groups there once.
    """
    account = organization.account_for("feature-store", "org")
    for desk in desks(organization):
        own = [group for group in organization.features if group.team == desk.team.name]
        developed = tuple(group for group in own if not (group.central and desk.account == account))
        if "dev" in desk.stages and developed:
            yield Store(desk.account, developed, desk)
    if central := tuple(group for group in organization.features if group.central):
        yield Store(account, central)


def users(organization: Organization) -> tuple[FeatureUser, ...]:
    """Who uses which central groups, sorted by team and account. A team that is leaving uses none."""
    found: dict[tuple[str, str], FeatureUser] = {}
    for group in organization.features:
        for level in LEVELS if group.central else ():
            for desk in reached(organization, reach(group, level)):
                key = (desk.team.name, desk.account.name)
                found.setdefault(key, FeatureUser(desk, {})).levels[group.feature_group] = level
    return tuple(found[key] for key in sorted(found))


def reach(group: FeatureGroupSpec, level: Level) -> Reach:
    """Whom the central group is given to at this level; nobody, when it is not central."""
    if group.central is None:
        return Reach()
    access = group.central.access
    return {"read": access.read, "read_write": access.read_write, "admin": access.admin}[level]


def reached(organization: Organization, reach: Reach) -> Iterator[Desk]:
    """Every desk that a share reaches: those of the teams it names, and those in accounts below the units."""
    below = {account.name for unit in reach.units for account in accounts_below(organization, unit)}
    for desk in _working(organization):
        if desk.team.name in reach.teams or desk.account.name in below:
            yield desk


def finders(organization: Organization) -> tuple[Desk, ...]:
    """Every desk that finds the central groups, in whatever unit below those of the setting."""
    units = organization.settings("org").feature_store.discoverable_by
    return tuple(reached(organization, Reach(units=units))) if _has_central(organization.features) else ()


def accounts_below(organization: Organization, unit: str) -> tuple[Account, ...]:
    """Every account that works in the unit or in a unit below it, however deep; an empty unit has none."""
    parents = {each.key: each.parent for each in organization.units}

    def is_below(key: str | None) -> bool:
        return key is not None and (key == unit or is_below(parents[key]))

    return tuple(each for each in organization.accounts if each.former is None and is_below(each.unit))


def _working(organization: Organization) -> Iterator[Desk]:
    return (desk for desk in desks(organization) if desk.team.offboarding is None)


def _has_central(groups: Iterable[FeatureGroupSpec]) -> bool:
    return any(group.central for group in groups)
