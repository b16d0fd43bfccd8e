"""Where feature groups stand, who uses the central ones and who finds them: what stacks of the feature store ask.

No cdktf here.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    """The store of every team that has groups, in its dev account; then the central store, when anything is in it."""
    for desk in desks(organization):
        if store := own_store(organization, desk):
            yield store
    if central := tuple(group for group in organization.features if group.central):
        yield Store(organization.account_for("feature-store", "org"), central)


def own_store(organization: Organization, desk: Desk) -> Store | None:
    """The store in which the team develops its groups, when this is its dev account and it has any.

    Where the central store stands in the same account, central groups stand there once.
    """
    central = organization.account_for("feature-store", "org") == desk.account
    own = [group for group in organization.features if group.team == desk.team.name]
    developed = tuple(group for group in own if not (group.central and central))
    return Store(desk.account, developed, desk) if "dev" in desk.stages and developed else None


def users(organization: Organization) -> Iterator[FeatureUser]:
    """Who uses which central groups, sorted by team and account."""
    return (user for desk in desks(organization) if (user := user_at(organization, desk)))


def user_at(organization: Organization, desk: Desk) -> FeatureUser | None:
    """What the team uses of the central store from this account; None for nothing, as for a team that is leaving."""
    above = _units_above(organization, desk.account)
    levels: dict[str, Level] = {
        group.feature_group: level
        for group in organization.features
        for level in LEVELS
        if _reaches(reach(group, level), desk, above)
    }
    return FeatureUser(desk, levels) if levels else None


def finds(organization: Organization, desk: Desk) -> bool:
    """Whether the team finds the central groups from this account, in whatever unit below those of the setting."""
    units = organization.settings("org").feature_store.discoverable_by
    there = any(group.central for group in organization.features)
    return there and _reaches(Reach(units=units), desk, _units_above(organization, desk.account))


def reached(organization: Organization, reach: Reach) -> Iterator[Desk]:
    """Every desk that a share reaches: those of the teams it names, and those in accounts below its units, however
    deep. A unit without accounts reaches nobody, which is no error; nor does a share reach a team that is leaving.
    """
    for desk in desks(organization):
        if _reaches(reach, desk, _units_above(organization, desk.account)):
            yield desk


def reach(group: FeatureGroupSpec, level: Level) -> Reach:
    """Whom the central group is given to at this level; nobody, when it is not central."""
    if group.central is None:
        return Reach()
    access = group.central.access
    return {"read": access.read, "read_write": access.read_write, "admin": access.admin}[level]


def _reaches(reach: Reach, desk: Desk, above: frozenset[str]) -> bool:
    named = desk.team.name in reach.teams or not above.isdisjoint(reach.units)
    return named and desk.team.offboarding is None


def _units_above(organization: Organization, account: Account) -> frozenset[str]:
    """The account's unit and all units above it."""
    parents = {unit.key: unit.parent for unit in organization.units}
    found, key = set[str](), account.unit
    while key is not None:
        found.add(key)
        key = parents[key]
    return frozenset(found)
