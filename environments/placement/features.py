"""The feature store: the central one in its account, and that of each team in its dev account."""

from __future__ import annotations

from collections.abc import Iterator

from environments.features import CENTRAL, LEVELS, central_group, finds, reach, stores, users
from environments.lake import Desk, desks
from environments.model import Account
from environments.node import Node
from environments.placement.site import Edges, Site
from modules.core.handshake import Edge, Handshake
from modules.feature_store.contract import FeaturesContract
from modules.feature_store.edges import FEEDS, FINDS, RECALLS, USES
from modules.foundations.contract import BaselineContract, OrganizationContract

MODULE = "feature_store"


def place(site: Site) -> Iterator[Node]:
    """The groups of teams where they are developed; the central ones, once all whom they are shared with have roles."""
    organization = site.organization
    for store in stores(organization):
        account, lake = store.account, site.id(store.account, "lake")
        edges: Edges = {**site.access(account), BaselineContract: site.id(account, "baseline")}
        if store.desk:
            team = store.desk.team.name
            after = [lake, _consumer(site, store.desk)]
            yield site.node("features", account, edges, subject=team, module=MODULE, after=after)
            continue
        people = [user.desk for user in users(organization)]
        others = site.ids(*(desk.account for desk in people))
        units: Edges = {OrganizationContract: site.tree} if _shared_with_units(site) else {}
        after = [lake, *(_consumer(site, desk) for desk in people)]
        yield site.node("features", account, {**edges, **others, **units}, module=MODULE, after=after)
        features: Edges = {FeaturesContract: site.id(account, "features")}
        yield site.node("ingestion", account, {**_edges(site, account), **features}, module=MODULE)


def handshakes(site: Site) -> Iterator[Handshake]:
    """Who finds the central groups from another account, who uses and feeds them, and who reads their histories."""
    organization = site.organization
    account = organization.account_for("feature-store", "org")
    store = site.id(account, "features")
    for desk in desks(organization):
        if desk.account != account and finds(organization, desk):
            yield Handshake(Edge(FINDS, desk.name, CENTRAL), {"share": store, "roles": _consumer(site, desk)})
    for user in users(organization):
        consumer, links = (
            site.id(user.desk.account, stack, subject=user.desk.team.name) for stack in ("consumer", "links")
        )
        if user.desk.account == account:
            continue
        yield Handshake(Edge(USES, user.desk.name, CENTRAL), {"share": store, "roles": consumer})
        ingestion = site.id(account, "ingestion")
        for group in user.feeds:
            edge = Edge(FEEDS, user.desk.name, central_group(group))
            yield Handshake(edge, {"roles": consumer, "queue": ingestion, "key": ingestion})
        if user.recalls(organization):
            sides = {"grants": store, "roles": consumer, "links": links}
            yield Handshake(Edge(RECALLS, user.desk.name, CENTRAL), sides)


def _consumer(site: Site, desk: Desk) -> str:
    return site.id(desk.account, "consumer", subject=desk.team.name)


def _shared_with_units(site: Site) -> bool:
    organization = site.organization
    shared = (reach(group, level).units for group in organization.features for level in LEVELS)
    return bool(organization.settings("org").feature_store.discoverable_by) or any(shared)


def _edges(site: Site, account: Account) -> Edges:
    return {
        **site.access(account),
        BaselineContract: site.id(account, "baseline"),
        OrganizationContract: site.tree,
    }
