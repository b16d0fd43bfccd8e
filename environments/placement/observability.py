"""Where the organisation's logs, telemetry and alarms go, and where they are looked at."""

from __future__ import annotations

from collections.abc import Iterator

from environments.lake import lake_accounts
from environments.model import Account
from environments.node import Node
from environments.observers import observing_account, reporting_account
from environments.placement.site import Edges, Site
from modules.core.handshake import Edge, Handshake
from modules.foundations.contract import OrganizationContract
from modules.foundations.network.addresses import VpcKind
from modules.foundations.network.contract import AttachmentContract
from modules.observability.contract import LogArchiveContract, LogCopyContract, SinkContract
from modules.observability.edges import QUERIES_LOGS

MODULE = "observability"
_NETWORKS: tuple[tuple[str, VpcKind], ...] = (("endpoints", "endpoints"), ("network", "network"))


def place(site: Site) -> Iterator[Node]:
    """The archive, its copy and its intake in its account, sinks and what is shown in those of observability.

    The trail stands in the management account, unless Control Tower has one.
    """
    organization, management = site.organization, site.management
    archive = organization.account_for("log-archive", "org")
    logs = site.id(archive, "logs")
    copied: Edges = {}
    if copy_to := organization.settings("org").observability.logs.copy_to:
        yield site.node("log-copy", archive, site.access(archive), region=copy_to, module=MODULE)
        copied = {LogCopyContract: site.id(archive, "log-copy", copy_to)}
    edges = {**site.access(archive), OrganizationContract: site.tree, **copied}
    yield site.node("logs", archive, edges, module=MODULE)
    if organization.settings("org").observability.trail.source == "mlgov":
        trail = {**site.access(management), LogArchiveContract: logs, **site.ids(archive)}
        yield site.node("trail", management, trail, module=MODULE)
    for region in site.regions:
        edges = {**site.access(archive), LogArchiveContract: logs, OrganizationContract: site.tree}
        yield site.node("intake", archive, edges, region=region, module=MODULE)
    if organization.settings("org").observability.security_lake.enabled:
        tooling = organization.account_for("security-tooling", "org")
        edges = {**site.access(archive), **site.ids(tooling)}
        yield site.node("security-lake", archive, edges, module=MODULE, after=(site.tree,))
    for account in organization.with_role("observability"):
        edges = {**site.access(account), OrganizationContract: site.tree}
        for region in site.regions:
            yield site.node("sink", account, edges, region=region, module=MODULE)
        yield site.node("monitoring", account, edges, module=MODULE)
    yield _queries(site, reporting_account(organization), logs)


def _queries(site: Site, account: Account, logs: str) -> Node:
    """After every network, as each logs its names below its own id, and after what says who may have tables."""
    organization = site.organization
    networks = [
        site.id(each, stack, region)
        for region in organization.network_regions
        for stack, kind in _NETWORKS
        for each in organization.with_vpc(kind, region)
    ]
    return site.node(
        "log-queries",
        account,
        {
            **site.access(account),
            **site.ids(*organization.accounts),
            LogArchiveContract: logs,
            OrganizationContract: site.tree,
        },
        module=MODULE,
        gathers={AttachmentContract: networks},
        after=[site.id(account, "lake")] if account in lake_accounts(organization) else [],
    )


def telemetry_edges(site: Site, account: Account, region: str) -> Edges:
    """What the account's baseline reads to send telemetry, alarms and logs: the sink, and whose account each is."""
    organization = site.organization
    observing, archive = observing_account(site.organization, account), organization.account_for("log-archive", "org")
    edges: Edges = site.ids(observing, archive)
    return edges if observing == account else {**edges, SinkContract: site.id(observing, "sink", region)}


def telemetry_after(site: Site, account: Account, region: str) -> tuple[str, ...]:
    """What must stand before the account sends anything: the intake of logs, and where alarms are heard."""
    archive = site.organization.account_for("log-archive", "org")
    return site.id(archive, "intake", region), site.id(observing_account(site.organization, account), "monitoring")


def handshakes(site: Site) -> Iterator[Handshake]:
    """Who queries the logs, and the archive that lets it."""
    account = reporting_account(site.organization)
    archive = site.organization.account_for("log-archive", "org")
    if account != archive:
        logs = site.id(archive, "logs")
        sides = {"reader": site.id(account, "log-queries"), "bucket": logs, "key": logs}
        yield Handshake(Edge(QUERIES_LOGS, account.name, "the log archive"), sides)
