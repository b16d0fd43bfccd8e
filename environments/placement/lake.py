"""The data lake: catalogues, the stacks of each data domain, and those of the teams that read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from environments.administrators import sensitive_data_settings
from environments.features import users
from environments.identity import holds
from environments.lake import Reader, audited, desks, lake_accounts, readers, working
from environments.model import Account, Domain
from environments.node import Node
from environments.placement.site import Edges, Site
from environments.workplaces import release_account, serving_account
from modules.core.handshake import Edge, Handshake
from modules.data_lake.contract import StorageContract
from modules.data_lake.edges import AUDITS, PRODUCES, READS, REPORTS, STORES
from modules.foundations.contract import BaselineContract, OrganizationContract
from modules.foundations.network.contract import SpokeContract
from modules.observability.contract import LogArchiveContract

MODULE = "data_lake"


def place(site: Site) -> Iterator[Node]:
    """A catalogue in every account that needs one; each domain's storage, catalogue and pipelines; each team's desk.

    In this order: what a grant names exists before it, and what a link leads to exists before the link.
    """
    organization = site.organization
    governance = organization.account_for("data-governance", "org")
    store = organization.account_for("feature-store", "org")
    reading = tuple(readers(organization))
    recalling = [each for each in users(organization) if each.recalls(organization)]
    for account in lake_accounts(organization):
        # Identity Center makes the role of the people who administer the lake: Lake Formation takes no other name.
        after = (
            [site.id(site.management, "identity")] if holds(organization, account, "data-lake-administrator") else []
        )
        yield site.node("lake", account, _edges(site, account), module=MODULE, after=[site.tree, *after])
    for domain in working(organization):
        yield from _domain(site, governance, domain, [each for each in reading if each.domain == domain])
    for desk in desks(organization):
        team, account = desk.team.name, desk.account
        lake, consumer = site.id(account, "lake"), site.id(account, "consumer", subject=team)
        ids = site.ids(governance, store, serving_account(organization, desk), release_account(organization))
        edges: Edges = {**site.access(account), BaselineContract: site.id(account, "baseline"), **ids}
        if account in organization.with_vpc("network", organization.home_region):
            edges = {**edges, SpokeContract: site.id(account, "network")}
        yield site.node("consumer", account, edges, subject=team, module=MODULE, after=[lake])
        catalogs = [_catalog(site, each.domain) for each in reading if each.desk == desk]
        owners = [governance] if catalogs else []
        if account != store and any(each.desk == desk for each in recalling):
            catalogs.append(site.id(store, "features"))
            owners.append(store)
        way = {**site.access(account), **site.ids(*owners)}
        links = site.node("links", account, way, subject=team, module=MODULE, after=[consumer, *catalogs])
        # Who reads nothing any more has links to lose: a stack that is not there would leave them behind.
        yield links if catalogs else replace(links, dismantled=True)
    if audited(organization):
        archive = organization.account_for("log-archive", "org")
        logs = {
            **site.access(governance),
            LogArchiveContract: site.id(archive, "logs"),
            OrganizationContract: site.tree,
        }
        yield site.node("audit", governance, logs, module=MODULE, after=[site.id(governance, "lake")])


def _domain(site: Site, governance: Account, domain: Domain, reading: list[Reader]) -> Iterator[Node]:
    account = site.organization.account(domain.account)
    storage = site.id(account, "storage", subject=domain.name)
    lake = site.id(governance, "lake")
    yield site.node(
        "storage",
        account,
        _edges(site, account, governance),
        subject=domain.name,
        module=MODULE,
        after=[site.id(account, "lake"), *_security(site, account)],
    )
    stored: Edges = {StorageContract: storage}
    consumers = {site.id(each.desk.account, "consumer", subject=each.desk.team.name): each for each in reading}
    people = [each.desk.account for each in consumers.values()]
    baseline: Edges = {BaselineContract: site.id(governance, "baseline")}
    yield site.node(
        "catalog",
        governance,
        {**site.access(governance), **site.ids(account, *people), **baseline, **stored},
        subject=domain.name,
        module=MODULE,
        after=[lake, *consumers],
    )
    if domain.lake.products:
        keys_and_network: Edges = {
            BaselineContract: site.id(account, "baseline"),
            SpokeContract: site.id(account, "network"),
        }
        yield site.node(
            "pipelines",
            account,
            {**site.access(account), **site.ids(governance), **stored, **keys_and_network},
            subject=domain.name,
            module=MODULE,
            after=[_catalog(site, domain)],
        )


def _edges(site: Site, account: Account, *others: Account) -> Edges:
    """What a stack of the lake reads: its account's access and keys, the organisation's id, the ids of others."""
    return {
        **site.access(account),
        **site.ids(*others),
        BaselineContract: site.id(account, "baseline"),
        OrganizationContract: site.tree,
    }


def _security(site: Site, account: Account) -> list[str]:
    """The stack that switches Macie on in the account, which jobs over the zones need."""
    tooling = site.organization.account_for("security-tooling", "org")
    return [site.id(tooling, "security")] if sensitive_data_settings(site.organization, account) else []


def _catalog(site: Site, domain: Domain) -> str:
    return site.id(site.organization.account_for("data-governance", "org"), "catalog", subject=domain.name)


def handshakes(site: Site) -> Iterator[Handshake]:
    """Storage, catalogue and reports of each domain; each reader; the audit."""
    organization = site.organization
    governance = organization.account_for("data-governance", "org")
    lake = site.id(governance, "lake")
    for domain in working(organization):
        account = organization.account(domain.account)
        name, catalog = f"domain {domain.name}", _catalog(site, domain)
        storage = site.id(account, "storage", subject=domain.name)
        stores = {"role": catalog, "bucket": storage, "key": storage}
        yield Handshake(Edge(STORES, "Lake Formation", name), stores)
        if domain.lake.products:
            pipelines = site.id(account, "pipelines", subject=domain.name)
            produces = {"roles": storage, "grants": catalog, "links": pipelines}
            yield Handshake(Edge(PRODUCES, name, "data-governance"), produces)
            yield Handshake(Edge(REPORTS, name, "data-governance"), {"rule": pipelines, "bus": lake})
    for each in readers(organization):
        consumer, links = (
            site.id(each.desk.account, stack, subject=each.desk.team.name) for stack in ("consumer", "links")
        )
        sides = {"roles": consumer, "grants": _catalog(site, each.domain), "links": links}
        yield Handshake(Edge(READS, each.desk.name, f"domain {each.domain.name}"), sides)
    if audited(organization):
        logs = site.id(organization.account_for("log-archive", "org"), "logs")
        sides = {"role": site.id(governance, "audit"), "bucket": logs, "key": logs}
        yield Handshake(Edge(AUDITS, "data-governance", "the log archive"), sides)
