"""Rules of feature groups: whom they name, who reviews them, and who is given what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from environments.configuration import Configuration
from environments.messages import suggestion
from environments.units import lineage
from environments.vocabulary import ENVIRONMENTS
from environments.yaml_tree import Path
from modules.core.errors import Problem
from modules.core.lf_tags import MOST_VALUES
from modules.core.naming import NAME_LIMIT
from modules.feature_store.names import ingest_queue
from modules.feature_store.settings import FILE_RUNS, RESERVABLE_RUNS, SCHEMA_RUNS, FeatureGroupSpec, Reach

_ACCESS = ("central", "access")


def _teams_and_units_are_known(configuration: Configuration) -> Iterator[Problem]:
    teams = configuration.team_names
    units, tree = configuration.organization.content.units, configuration.organization.tree
    for group in configuration.features:
        if (team := group.content.team) not in teams:
            yield group.tree.problem(("team",), f"names the unknown team {team}{suggestion(team, teams)}")
        for level, reach in _levels(group.content).items():
            for place, team in enumerate(reach.teams):
                if team not in teams:
                    message = f"names the unknown team {team}{suggestion(team, teams)}"
                    yield group.tree.problem((*_ACCESS, level, "teams", place), message)
            for place, key in enumerate(reach.units):
                if key not in units:
                    message = f"names the unknown unit {key}{suggestion(key, units)}"
                    yield group.tree.problem((*_ACCESS, level, "units", place), message)
    for place, key in enumerate(configuration.organization.content.feature_store.discoverable_by):
        if key not in units:
            message = f"names the unknown unit {key}{suggestion(key, units)}"
            yield tree.problem(("feature_store", "discoverable_by", place), message)


def _contributions_are_reviewed_by_somebody_else(configuration: Configuration) -> Iterator[Problem]:
    for group in configuration.features:
        central = group.content.central
        if central and central.reviewer.casefold() == group.content.owner.casefold():
            message = "must be somebody else than the owner: two people answer for a central group"
            yield group.tree.problem(("central", "reviewer"), f"{message} (got {central.reviewer})")


def _central_groups_have_a_team_at_work(configuration: Configuration) -> Iterator[Problem]:
    gone = {team.content.team: team.content.offboarding for team in configuration.teams}
    for group in configuration.features:
        content = group.content
        if content.central and not content.deprecated and gone.get(content.team) in ("suspended", "closed"):
            message = (
                f"must not be {content.team}, which is {gone[content.team]}: hand the central group over to another"
            )
            yield group.tree.problem(("team",), f"{message} team, or set deprecated")


def _restricted_groups_are_given_to_teams_by_name(configuration: Configuration) -> Iterator[Problem]:
    for group in configuration.features:
        for level, reach in _levels(group.content).items():
            if group.content.sensitivity == "restricted" and reach.units:
                message = "must be left out: a restricted group is given to teams by name, never to all below a unit"
                yield group.tree.problem((*_ACCESS, level, "units"), message)


def _nobody_is_given_two_levels(configuration: Configuration) -> Iterator[Problem]:
    """An account that two shares reach would have the looser one, whatever the tighter one says."""
    accounts = _accounts_of_teams(configuration)
    below = _accounts_below_units(configuration)
    for group in configuration.features:
        given: dict[str, tuple[str, str]] = {}
        for level, path, words, reached in _shares(group.content, accounts, below):
            for account in sorted(reached):
                had, first = given.setdefault(account, (level, words))
                if had != level:
                    message = f"gives {level} to the account {account}, which has {had} as {first} already"
                    yield group.tree.problem(path, f"{message}: one level for each account")
                    break


def _nobody_reads_more_histories_than_a_grant_names(configuration: Configuration) -> Iterator[Problem]:
    accounts = _accounts_of_teams(configuration)
    below = _accounts_below_units(configuration)
    read = Counter[str]()
    for group in configuration.features:
        if not group.content.offline:
            continue
        reached = set[str]().union(*(found for *_, found in _shares(group.content, accounts, below)))
        for team in sorted(name for name, own in accounts.items() if own & reached):
            read[team] += 1
            if read[team] == MOST_VALUES + 1:
                message = f"gives the team {team} more than {MOST_VALUES} histories, which is all that a grant names"
                yield group.tree.problem(_ACCESS, f"{message}: take some from it, or join groups")


def _names_fit_physical_names(configuration: Configuration) -> Iterator[Problem]:
    organization = configuration.organization.content.name
    for group in configuration.features:
        longest = f"{organization}-{max(ENVIRONMENTS, key=len)}-{ingest_queue(group.content.feature_group)}"
        if (excess := len(longest) - NAME_LIMIT) > 0:
            message = f"is too long by {excess}: {longest} must fit {NAME_LIMIT} characters"
            yield group.tree.problem(("feature_group",), f"{message}; shorten it")


def _functions_fit_their_account(configuration: Configuration) -> Iterator[Problem]:
    settings = configuration.organization.content.feature_store
    central = sum(group.content.central is not None for group in configuration.features)
    most = (RESERVABLE_RUNS - FILE_RUNS - SCHEMA_RUNS) // max(central, 1)
    if settings.ingest_concurrency > most:
        message = f"must be {most} at most: Lambda lets the account reserve {RESERVABLE_RUNS} runs at once,"
        path = ("feature_store", "ingest_concurrency")
        yield configuration.organization.tree.problem(path, f"{message} for {central} central groups together")


def _levels(group: FeatureGroupSpec) -> Mapping[str, Reach]:
    if group.central is None:
        return {}
    access = group.central.access
    return {"read": access.read, "read_write": access.read_write, "admin": access.admin}


def _shares(
    group: FeatureGroupSpec, accounts: Mapping[str, set[str]], below: Mapping[str, set[str]]
) -> Iterator[tuple[str, Path, str, set[str]]]:
    """Every share of the group: its level, where it stands, to whom in words, and the accounts that it reaches."""
    for level, reach in _levels(group).items():
        for place, team in enumerate(reach.teams):
            yield level, (*_ACCESS, level, "teams", place), f"the team {team}", accounts.get(team, set())
        for place, key in enumerate(reach.units):
            yield level, (*_ACCESS, level, "units", place), f"part of the unit {key}", below.get(key, set())


def _accounts_of_teams(configuration: Configuration) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for source in configuration.sources():
        if source.role == "ml-team":
            found.setdefault(source.owner, set()).add(source.account_name)
    return found


def _accounts_below_units(configuration: Configuration) -> Mapping[str, set[str]]:
    units = configuration.organization.content.units
    found: dict[str, set[str]] = {key: set() for key in units}
    for declared in configuration.declared():
        for key in lineage(declared.account.unit or "", units):
            found[key].add(declared.account.name)
    return found


RULES = (
    _teams_and_units_are_known,
    _contributions_are_reviewed_by_somebody_else,
    _central_groups_have_a_team_at_work,
    _restricted_groups_are_given_to_teams_by_name,
    _nobody_is_given_two_levels,
    _nobody_reads_more_histories_than_a_grant_names,
    _names_fit_physical_names,
    _functions_fit_their_account,
)
