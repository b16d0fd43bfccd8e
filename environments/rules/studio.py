"""Rules of SageMaker Studio: who can be told apart, where it stands, and who owns what is shared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from environments.configuration import Configuration
from environments.messages import suggestion
from modules.core.errors import Problem
from modules.core.naming import BUCKET_LIMIT, NAME_LIMIT
from modules.ml_use_case.names import SAGEMAKER_LIMIT, profile, shared_space, studio_part, tracking_server, workspace

_SCRIPT = "jupyter-lab-00000000"  # as long as what is added to a script's name


def _people_are_told_apart(configuration: Configuration) -> Iterator[Problem]:
    """A profile and a space are called after the person, without dots; the shared space after the team."""
    for team in configuration.teams:
        studio = team.content.studio
        spaces = Counter(profile(user).casefold() for user in studio.users)
        if studio.shared_space:
            spaces[shared_space(team.content.team)] += 1
        for user in studio.users:
            if spaces[profile(user).casefold()] > 1:
                message = f"is called {profile(user)} in Studio, and so is another profile or space of the team"
                yield team.tree.problem(("studio", "users", user), f"{message}: rename one")


def _studio_has_a_network(configuration: Configuration) -> Iterator[Problem]:
    home = configuration.organization.content.home_region
    declared = {each.account.name: each.account for each in configuration.declared()}
    dev = {each.owner: each.account_name for each in configuration.sources() if each.environment == "dev"}
    for team in configuration.teams:
        account = declared.get(dev[team.content.team])
        if team.content.studio.users and account and ("network" not in account.vpcs or home not in account.networks):
            message = f"needs a network in {home} to stand in: give the account {account.name} a cidr"
            yield team.tree.problem(("studio", "users"), message)


def _shared_spaces_have_a_data_scientist(configuration: Configuration) -> Iterator[Problem]:
    for team in configuration.teams:
        studio = team.content.studio
        if studio.shared_space is None:
            continue
        owner, path = studio.shared_space.owner, ("studio", "shared_space", "owner")
        if owner not in studio.users:
            yield team.tree.problem(path, f"names the unknown user {owner}{suggestion(owner, studio.users)}")
        elif studio.users[owner].persona != "data-scientist":
            message = f"must be a data scientist, as everybody works in a shared space: {owner} is"
            yield team.tree.problem(path, f"{message} {studio.users[owner].persona}")


def _names_of_studio_fit(configuration: Configuration) -> Iterator[Problem]:
    organization = configuration.organization.content
    for source in configuration.sources():
        if (source.role, source.environment) != ("ml-team", "dev"):
            continue
        used = organization.accounts.get(source.account.use or "")
        prefix = f"{organization.name}-{used.environment if used else 'dev'}-"
        names = (
            (studio_part(source.owner, _SCRIPT), SAGEMAKER_LIMIT),
            (f"{workspace(source.owner)}-access-logs", BUCKET_LIMIT),
            (tracking_server(source.owner), NAME_LIMIT),
        )
        excess, name = max((len(f"{prefix}{name}") - most, name) for name, most in names)
        if excess > 0:
            message = f"is too long by {excess} for {prefix}{name}: shorten it"
            yield source.place.tree.problem(("team",), message)


RULES = (
    _people_are_told_apart,
    _studio_has_a_network,
    _shared_spaces_have_a_data_scientist,
    _names_of_studio_fit,
)
