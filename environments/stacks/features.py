"""`<account>-features`: feature groups, central or of a team, and the shares of the central ones."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from environments.features import CENTRAL, LEVELS, FeatureUser, Store, reach, reached, stores, users
from environments.stacks.base import PlatformStack
from modules.core.handshake import EdgeKind
from modules.data_lake.names import consumer_role
from modules.feature_store.edges import FINDS, RECALLS, USES
from modules.feature_store.feature_store import FeatureStore
from modules.feature_store.settings import Reach
from modules.feature_store.shares import Audience, Shares
from modules.feature_store.user import Level, User
from modules.foundations.contract import AccessContract, BaselineContract, OrganizationContract


class FeaturesStack(PlatformStack):
    """The store of one team, or the central one with all that is shared of it."""

    def compose(self) -> None:
        """Place groups and grants; then, of the central ones, the shares."""
        keys, desk = self.consume(BaselineContract).key_arns, self._store.desk
        online, offline = ("data", "data") if desk else ("feature-online", "feature-offline")
        store = FeatureStore(
            self,
            "store",
            naming=self.naming,
            team=desk.team.name if desk else None,
            groups=self._store.groups,
            users=[self._user(each) for each in self._users],
            online_key_arn=keys[online],
            offline_key_arn=keys[offline],
            access=self.consume(AccessContract),
        )
        if desk is None:
            settings = self.settings.feature_store
            Shares(
                self,
                "shares",
                naming=self.naming,
                finders=self._audience(FINDS, Reach(units=settings.discoverable_by)),
                users={group.feature_group: self._levels(group.feature_group) for group in self._store.groups},
                groups=store.groups,
            )
        self.publish(store.contract)

    @cached_property
    def _store(self) -> Store:
        place = self.place
        return next(
            each
            for each in stores(self.organization)
            if (each.account, each.desk.team.name if each.desk else None) == (place.account, place.subject)
        )

    @cached_property
    def _users(self) -> tuple[FeatureUser, ...]:
        """Those of the central groups; of a team's own the team itself, there."""
        if (desk := self._store.desk) is None:
            return tuple(users(self.organization))
        return (FeatureUser(desk, {group.feature_group: "admin" for group in self._store.groups}),)

    def _user(self, user: FeatureUser) -> User:
        desk = user.desk
        naming = self.naming_of(desk.account)
        names = {persona: consumer_role(desk.team.name, persona) for persona in desk.personas}
        across = desk.account != self.place.account and user.recalls(self.organization)
        return User(
            team=desk.team.name,
            account=desk.account.name,
            roles={persona: naming.role_arn(name) for persona, name in names.items()},
            levels=user.levels,
            recalls=self.edge(RECALLS, desk.name, CENTRAL) if across else None,
        )

    def _levels(self, name: str) -> Mapping[Level, Audience]:
        (group,) = (each for each in self._store.groups if each.feature_group == name)
        return {level: self._audience(USES, reach(group, level)) for level in LEVELS}

    def _audience(self, kind: EdgeKind, given: Reach) -> Audience:
        """Accounts of the teams and units by their ARNs. Nothing is shared with the store's own account."""
        found = [each for each in reached(self.organization, given) if each.account != self.place.account]
        named = {each.account.name: each.account for each in found if each.team.name in given.teams}
        return Audience(
            accounts={name: self.account_id(account) for name, account in sorted(named.items())},
            units={key: self._unit_arn(key) for key in sorted(given.units)},
            edges=[self.edge(kind, each.name, CENTRAL) for each in found],
        )

    def _unit_arn(self, key: str) -> str:
        organization, partition = self.consume(OrganizationContract), self.naming.partition
        owner = self.account_id(self.organization.management)
        unit = f"ou/{organization.organization_id}/{organization.unit_ids[key]}"
        return f"arn:{partition}:organizations::{owner}:{unit}"
