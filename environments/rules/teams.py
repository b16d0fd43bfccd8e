"""Rules of teams and data domains: the accounts they use and the data they build on."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration
from environments.messages import suggestion
from environments.rules.cycles import cycles
from modules.core.errors import Problem
from modules.core.naming import BUCKET_LIMIT, NAME_LIMIT
from modules.data_lake.names import consumer_role, workgroup
from modules.feature_store.names import location_role, store

_SHARING = "ram.amazonaws.com"


def _used_accounts_suit(configuration: Configuration) -> Iterator[Problem]:
    accounts = configuration.organization.content.accounts
    for source in configuration.sources():
        name = source.account.use
        if name is None:
            continue
        if name not in accounts:
            yield source.place.problem(f"names the unknown account {name}{suggestion(name, accounts)}", "use")
            continue
        account = accounts[name]
        if source.role not in account.roles:
            message = f"names the account {name}, which lacks the role {source.role}: add it in organization.yaml"
            yield source.place.problem(message, "use")
        if account.environment not in ("org", source.environment):
            message = f"must name an account of the environment {source.environment} or org"
            yield source.place.problem(f"{message}: {name} belongs to {account.environment}", "use")


def _consumed_domains_exist(configuration: Configuration) -> Iterator[Problem]:
    domains = configuration.domain_names
    for team in configuration.teams:
        for name in team.content.consumes:
            if name not in domains:
                message = f"names the unknown data domain {name}{suggestion(name, domains)}"
                yield team.tree.problem(("consumes", name), message)


def _shares_are_accepted(configuration: Configuration) -> Iterator[Problem]:
    """Lake Formation and SageMaker share with other accounts by RAM, which the organisation accepts by itself or not.

    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html
    """
    content, tree = configuration.organization.content, configuration.organization.tree
    consumed = any(team.content.consumes for team in configuration.teams)
    shared = consumed or any(group.content.central for group in configuration.features)
    if shared and _SHARING not in content.foundations.trusted_services:
        message = f"must hold {_SHARING}: without it each team accepts by hand what is shared with it"
        yield tree.problem(("foundations", "organization", "trusted_services"), message)


def _source_domains_exist(configuration: Configuration) -> Iterator[Problem]:
    domains = configuration.domain_names
    for domain in configuration.domains:
        for place, name in enumerate(domain.content.derived_from):
            if name not in domains:
                message = f"names the unknown data domain {name}{suggestion(name, domains)}"
                yield domain.tree.problem(("derived_from", place), message)


def _domains_are_not_derived_in_a_circle(configuration: Configuration) -> Iterator[Problem]:
    domains = {domain.content.domain: domain for domain in configuration.domains}
    edges = {name: tuple(set(domain.content.derived_from) & set(domains)) for name, domain in domains.items()}
    for ring in cycles(edges):
        yield domains[ring[0]].tree.problem(("derived_from",), f"is part of a cycle: {' -> '.join(ring)}")


def _names_fit_physical_names(configuration: Configuration) -> Iterator[Problem]:
    """Roles and buckets that carry the team's name, of which AWS allows fewer characters than of all else."""
    organization, accounts = configuration.organization.content, configuration.organization.content.accounts
    developing = {group.content.team for group in configuration.features}
    told = set()
    for source in configuration.sources():
        if source.role != "ml-team" or source.owner in told:
            continue
        used = accounts.get(source.account.use or "")
        environment = used.environment if used else source.environment
        stores = [store(source.owner)] if source.owner in developing else []
        roles = [consumer_role(source.owner, "data-scientist"), *(location_role(source.owner) for _ in stores)]
        buckets = [f"{each}-access-logs" for each in (workgroup(source.owner), *stores)]
        names = [(each, NAME_LIMIT) for each in roles] + [(each, BUCKET_LIMIT) for each in buckets]
        excess, name = max((len(f"{organization.name}-{environment}-{each}") - most, each) for each, most in names)
        if excess > 0:
            told.add(source.owner)
            message = f"is too long by {excess} for {organization.name}-{environment}-{name}: shorten it"
            yield source.place.tree.problem(("team",), message)


RULES = (
    _used_accounts_suit,
    _consumed_domains_exist,
    _shares_are_accepted,
    _source_domains_exist,
    _domains_are_not_derived_in_a_circle,
    _names_fit_physical_names,
)
