"""What ML teams share: artefacts, images, packages and events; models; the portfolio of products."""

from __future__ import annotations

from collections.abc import Iterator

from environments.lake import Desk, desks, lake_accounts
from environments.model import Account
from environments.node import Node
from environments.placement.site import Edges, Site
from environments.workplaces import (
    announcing,
    copied_images,
    hub_users,
    image_regions,
    image_registry,
    launching_accounts,
    packages_offered,
    portfolio_account,
    project_name,
    projects_at,
    pulling,
    pulls_in,
    registry_readers,
    release_account,
    served_by,
    serving_account,
    studios,
)
from modules.core.handshake import Edge, Handshake
from modules.foundations.contract import BaselineContract, OrganizationContract
from modules.ml_platform.edges import (
    ANNOUNCES,
    COPIES_IMAGES,
    COPIES_MODELS,
    FINDS_MODELS,
    HANDS_OVER,
    INSTALLS,
    LAUNCHES,
    PULLS,
    USES_HUB,
)
from modules.ml_platform.names import PRODUCTS

MODULE = "ml_platform"


def place(site: Site) -> Iterator[Node]:
    """Artefacts and models in each account ml-shared-services; the portfolio where Service Catalog is administered."""
    organization = site.organization
    for account in organization.with_role("ml-shared-services"):
        _, *abroad = image_regions(organization, account)
        for region in abroad:
            edges: Edges = {**site.access(account), OrganizationContract: site.tree}  # teams of other accounts pull
            yield site.node("artifacts", account, edges, region=region, module=MODULE)
        # What is replicated to a region in which there is no repository yet would make one, without key and policy.
        elsewhere = [site.id(account, "artifacts", region) for region in abroad]
        home, release = organization.home_region, release_account(organization)
        reached = (
            *served_by(organization, account),
            *announcing(organization, account),
            *pulling(organization, account, home),
        )
        told = reached or account in copied_images(organization)
        tree: Edges = {OrganizationContract: site.tree} if told else {}
        bus: Edges = {BaselineContract: site.id(account, "baseline")} if account == release else {}
        edges = {**site.access(account), **tree, **bus}
        yield site.node("artifacts", account, edges, module=MODULE, after=elsewhere)
        governed = account in lake_accounts(organization)
        after = [site.id(account, "artifacts"), *([site.id(account, "lake")] if governed else [])]
        yield site.node("models", account, _edges(site, account), module=MODULE, after=after)
    account = portfolio_account(organization)
    delegation = site.id(site.management, "delegation")
    after = [site.tree] if account == site.management else [delegation]
    launching = launching_accounts(organization)
    if account in launching:  # a constraint names a role that exists here
        after.append(site.id(account, "launch"))
    edges = {**site.access(account), OrganizationContract: site.tree}
    yield site.node("portfolio", account, edges, module=MODULE, after=after)


def handshakes(site: Site) -> Iterator[Handshake]:
    """What each team uses of what is shared, from each of its accounts, and what its people launch there."""
    organization = site.organization
    for desk in desks(organization):
        shared = serving_account(organization, desk)
        if desk.account != shared:
            yield from _shared(site, desk, shared)
    for shared in organization.with_role("ml-shared-services"):
        yield from _models(site, shared)
    registry = release_account(organization)
    for desk in studios(organization):
        if desk.account != registry:
            yield from _registers(site, desk, registry)
    yield from _images(site, registry)
    portfolio = site.id(portfolio_account(organization), "portfolio")
    for account in launching_accounts(organization):
        if account == portfolio_account(organization):
            continue
        there = dict.fromkeys(LAUNCHES.sides, portfolio)
        for product in PRODUCTS:
            edge = Edge(LAUNCHES, f"people in {account.name}", f"product {product}")
            yield Handshake(edge, {**there, "role": site.id(account, "launch")})


def _shared(site: Site, desk: Desk, shared: Account) -> Iterator[Handshake]:
    roles = site.id(desk.account, "consumer", subject=desk.team.name)
    artifacts = site.id(shared, "artifacts")
    for region in pulls_in(site.organization, desk):
        edge = Edge(PULLS, desk.name, image_registry(site.organization, shared, region))
        yield Handshake(edge, {"repository": site.id(shared, "artifacts", region), "roles": roles})
    yield Handshake(Edge(HANDS_OVER, desk.name, shared.name), {"bucket": artifacts, "key": artifacts, "roles": roles})
    if desk in studios(site.organization) and packages_offered(site.organization):
        sides = {"domain": artifacts, "repository": artifacts, "roles": roles}
        yield Handshake(Edge(INSTALLS, desk.name, shared.name), sides)


def _registers(site: Site, desk: Desk, registry: Account) -> Iterator[Handshake]:
    rule, bus = site.id(desk.account, "studio", subject=desk.team.name), site.id(registry, "artifacts")
    yield Handshake(Edge(ANNOUNCES, desk.name, registry.name), {"rule": rule, "bus": bus})
    for project in projects_at(site.organization, desk):
        build, name = site.id(desk.account, "build", subject=project.project), project_name(project)
        sides = {
            "policy": build,
            "bucket": build,
            "key": site.id(desk.account, "baseline"),
            "role": site.id(registry, "promotion"),
        }
        yield Handshake(Edge(COPIES_MODELS, registry.name, name), sides)


def _images(site: Site, registry: Account) -> Iterator[Handshake]:
    """What models run in: copied to the central registry, and pulled there by all who serve them."""
    organization, home = site.organization, site.organization.home_region
    for account in copied_images(organization):
        sides = {"repository": site.id(account, "artifacts"), "role": site.id(registry, "promotion")}
        yield Handshake(Edge(COPIES_IMAGES, registry.name, account.name), sides)
    for desk in pulling(organization, registry, home):
        if serving_account(organization, desk) != registry:
            roles = site.id(desk.account, "consumer", subject=desk.team.name)
            edge = Edge(PULLS, desk.name, image_registry(organization, registry, home))
            yield Handshake(edge, {"repository": site.id(registry, "artifacts"), "roles": roles})


def _models(site: Site, shared: Account) -> Iterator[Handshake]:
    models = site.id(shared, "models")
    for desk in registry_readers(site.organization, shared):
        there = dict.fromkeys(FINDS_MODELS.sides, models)
        roles = site.id(desk.account, "consumer", subject=desk.team.name)
        yield Handshake(Edge(FINDS_MODELS, desk.name, shared.name), {**there, "roles": roles})
    for desk in hub_users(site.organization, shared):
        roles = site.id(desk.account, "consumer", subject=desk.team.name)
        yield Handshake(Edge(USES_HUB, desk.name, shared.name), {"share": models, "roles": roles})


def _edges(site: Site, account: Account) -> Edges:
    return {
        **site.access(account),
        BaselineContract: site.id(account, "baseline"),
        OrganizationContract: site.tree,
    }
