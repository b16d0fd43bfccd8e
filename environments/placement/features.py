"""The feature store: the central one in its account, and the groups of each team in its dev account."""

from __future__ import annotations

from collections.abc import Iterator

from environments.lake import desks
from environments.model import Account
from environments.node import Node
from environments.placement.site import Edges, Site
from modules.feature_store.contract import FeaturesContract
from modules.foundations.contract import BaselineContract, OrganizationContract

MODULE = "feature_store"


def place(site: Site) -> Iterator[Node]:
    """The groups of teams where they are developed; the central ones, once all whom they are shared with have roles."""
    organization = site.organization
    central = [group for group in organization.features if group.central]
    everyone = list(desks(organization))
    for desk in everyone:
        if "dev" in desk.stages and any(group.team == desk.team.name for group in organization.features):
            consumer = site.id(desk.account, "consumer", subject=desk.team.name)
            edges = _edges(site, desk.account)
            yield site.node("features", desk.account, edges, subject=desk.team.name, module=MODULE, after=[consumer])
    if central:
        account = organization.account_for("feature-store", "org")
        people = [desk.account for desk in everyone]
        consumers = [site.id(desk.account, "consumer", subject=desk.team.name) for desk in everyone]
        after = [site.id(account, "lake"), *consumers]
        yield site.node("features", account, _edges(site, account, *people), module=MODULE, after=after)
        features: Edges = {FeaturesContract: site.id(account, "features")}
        yield site.node("ingestion", account, {**_edges(site, account), **features}, module=MODULE)


def _edges(site: Site, account: Account, *others: Account) -> Edges:
    return {
        **site.access(account),
        **site.ids(*others),
        BaselineContract: site.id(account, "baseline"),
        OrganizationContract: site.tree,
    }
