"""What the stacks of a team at work in an account ask about the feature groups that it uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from environments.features import CENTRAL, FeatureUser, central_group, own_store, user_at
from environments.features import finds as is_finder
from environments.model import Account
from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of
from modules.core.handshake import Edge, EdgeKind
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.feature_store.edges import FEEDS, FINDS, RECALLS, USES
from modules.feature_store.producer import send_statements
from modules.feature_store.statements import develops, finds, recalls, uses
from modules.foundations.contract import BaselineContract

ONLINE_KEY = "feature-online"


def user_of(stack: PlatformStack) -> FeatureUser | None:
    """What the team that the stack is for uses of the central store from there."""
    return user_at(stack.organization, desk_of(stack))


def central_account(stack: PlatformStack) -> Account:
    """The account of the central store."""
    return stack.organization.account_for("feature-store", "org")


def way(stack: PlatformStack, kind: EdgeKind, target: str = CENTRAL) -> Edge | None:
    """The way to the central store, or to a part of it; None where it stands in the stack's own account."""
    here = central_account(stack) == stack.place.account
    return None if here else stack.edge(kind, desk_of(stack).name, target)


def feature_statements(stack: PlatformStack) -> Iterator[Statement]:
    """What the team's roles may do with feature groups: with its own there, and with central ones."""
    desk, organization = desk_of(stack), stack.organization
    if store := own_store(organization, desk):
        own = [group.feature_group for group in store.groups]
        yield from develops(stack.naming, own, stack.consume(BaselineContract).key_arns["data"])
    if is_finder(organization, desk):
        yield from finds(stack, way(stack, FINDS))
    if user := user_of(stack):
        central = stack.naming_of(central_account(stack))
        yield from uses(stack, way(stack, USES), store=central, levels=user.levels, key=ONLINE_KEY)
        if user.feeds:
            yield from _feeds(stack, central, user.feeds)
        if user.recalls(organization):
            yield from recalls(stack, way(stack, RECALLS), store=central)


def _feeds(stack: PlatformStack, store: Naming, groups: Sequence[str]) -> Iterator[Statement]:
    yield from send_statements(store, groups)
    for group in groups:
        if edge := way(stack, FEEDS, central_group(group)):
            edge.render(stack, "roles")
