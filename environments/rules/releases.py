"""Rules of projects whose models are released: where their builds run, where they serve, and what all is called."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration, Parsed
from environments.model import Account, serving
from environments.project import Project
from environments.vocabulary import Stage
from modules.core.errors import Problem
from modules.core.naming import BUCKET_LIMIT, NAME_LIMIT, QUEUE_LIMIT
from modules.ml_operations.names import build_role, release_bucket, state_access

_SERVED: tuple[Stage, ...] = ("test", "prod")


def _served(configuration: Configuration) -> Iterator[Parsed[Project]]:
    for project in configuration.projects:
        if project.content.serving is not None and not project.content.serving.ended:
            yield project


def _releasing(configuration: Configuration) -> Account | None:
    """The account with the central registry; that there is one, another rule asks."""
    shared = tuple(each.account for each in configuration.declared() if "ml-shared-services" in each.account.roles)
    return serving(shared, "prod")


def _networked(configuration: Configuration, account: Account) -> bool:
    return "network" in account.vpcs and configuration.organization.content.home_region in account.networks


def _releases_have_a_network_to_run_in(configuration: Configuration) -> Iterator[Problem]:
    account = _releasing(configuration)
    if account is None or _networked(configuration, account):
        return
    for project in _served(configuration):
        home = configuration.organization.content.home_region
        message = f"needs a network in {home} for the builds of its releases: give the account {account.name} a cidr"
        yield project.tree.problem(("serving",), message)


def _models_are_built_away_from_the_central_registry(configuration: Configuration) -> Iterator[Problem]:
    """A release takes nothing but copies of what was approved in another account: of its own there is none."""
    account = _releasing(configuration)
    if account is None or "ml-team" not in account.roles:  # whoever uses it to build lacks the role: another rule
        return
    names = {(each.owner, each.environment): each.account_name for each in configuration.sources()}
    for project in _served(configuration):
        if names.get((project.content.team, "dev")) == account.name:
            message = (
                f"needs the central registry in another account than {account.name}, where {project.content.team} "
                "builds: a release takes only copies of versions that were approved where they were built. Give the "
                "role ml-shared-services to an account of its own, or leave `serving` out"
            )
            yield project.tree.problem(("serving",), message)


def _models_have_a_network_to_serve_in(configuration: Configuration) -> Iterator[Problem]:
    """A place without a network would be left out, and nobody would hear."""
    declared = {each.account.name: each.account for each in configuration.declared()}
    names = {(each.owner, each.environment): each.account_name for each in configuration.sources()}
    home = configuration.organization.content.home_region
    for project in _served(configuration):
        places = dict.fromkeys(names.get((project.content.team, stage), "") for stage in _SERVED)
        for account in (declared[name] for name in places if name in declared):
            if account.former is None and not _networked(configuration, account):
                message = f"needs a network in {home} to serve in: give the account {account.name} a cidr"
                yield project.tree.problem(("serving",), message)


def _names_of_releases_fit(configuration: Configuration) -> Iterator[Problem]:
    organization = configuration.organization.content.name
    for project in _served(configuration):
        name = project.content.project
        for what, limit in (
            (build_role(name, "failed-dead-letters"), QUEUE_LIMIT),
            (build_role(name, "verify-test"), NAME_LIMIT),
            (state_access(name, "prod"), NAME_LIMIT),
            (f"{release_bucket(name)}-access-logs", BUCKET_LIMIT),
        ):
            full = f"{organization}-prod-{what}"
            if len(full) > limit:
                message = f"makes the name {full} of {len(full)} characters, and AWS takes {limit}"
                yield project.tree.problem(("project",), f"{message}: shorten it by {len(full) - limit}")
                break


RULES = (
    _releases_have_a_network_to_run_in,
    _models_are_built_away_from_the_central_registry,
    _models_have_a_network_to_serve_in,
    _names_of_releases_fit,
)
