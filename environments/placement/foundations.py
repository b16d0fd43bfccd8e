"""The organisation, and what every account has: access for Terraform and the baseline."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Account
from environments.node import Node
from environments.placement.config import baseline_edges
from environments.placement.observability import telemetry_after, telemetry_edges
from environments.placement.site import Edges, Site
from environments.workplaces import copied_projects
from modules.foundations.account.key_purposes import opened_to_organization, purposes
from modules.foundations.contract import CiContract, OrganizationContract

# AWS keeps an organisation's quota request template there, and has none in its other partitions.
QUOTA_TEMPLATE_REGION = "us-east-1"


def place(site: Site) -> Iterator[Node]:
    """Bootstrap, organisation and guardrails in the management account; access and baseline in every account.

    The baseline stands in every governed region, abroad after home, where what is global in it is made.
    """
    management = site.management
    access = site.access(management)
    yield site.node("bootstrap", management, {})
    yield site.node("organization", management, access)
    yield site.node("guardrails", management, {**access, OrganizationContract: site.tree})
    for account in site.organization.accounts:
        if account != management:
            yield site.node("access", account, {CiContract: site.bootstrap, **site.ids(account)})
        yield from _baselines(site, account)
    if site.organization.partition == "aws" and site.organization.settings("org").foundations.quotas.template:
        yield site.node("quotas", management, access, region=QUOTA_TEMPLATE_REGION, after=(site.tree,))


def _baselines(site: Site, account: Account) -> Iterator[Node]:
    """The account's baseline in each governed region; those abroad stand on what is global, made at home."""
    settings = site.organization.settings(account.environment).foundations.keys
    for region in site.regions:
        at_home = region == site.organization.home_region
        opened = opened_to_organization(purposes(account.roles, settings, at_home=at_home))
        tree: Edges = {OrganizationContract: site.tree} if opened else {}
        # A key is opened to who copies models, and a role to who lists usage.
        if at_home and (copied_projects(site.organization, account) or account.former is None):
            tree = {OrganizationContract: site.tree}
        yield site.node(
            "baseline",
            account,
            {**site.access(account), **baseline_edges(site, account), **telemetry_edges(site, account, region), **tree},
            region=region,
            after=(*telemetry_after(site, account, region), *(() if at_home else (site.id(account, "baseline"),))),
        )
