"""Rules of accounts: what must be unique, where they may stand, and which roles need one."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import DOMAIN_ENVIRONMENT, Configuration, Declared, Place
from environments.messages import suggestion
from environments.model import serving
from environments.units import resolve
from environments.vocabulary import ENVIRONMENTS, SINGLE_ROLES, STAGED_ROLES, STAGES, Environment
from modules.core.errors import Problem

_BUCKET_NAME = 63
# Physical names of an account's own resources are `<organisation>-<environment>-<account>-<purpose>`.
_PURPOSE = 20


def _names_ids_and_emails_are_unique(configuration: Configuration) -> Iterator[Problem]:
    taken: dict[tuple[str, str], Declared] = {}
    for declared in configuration.declared():
        account = declared.account
        keys = {"name": account.name, "email": account.email.casefold(), "id": account.id}
        for key, value in keys.items():
            if value is None:
                continue
            first = taken.setdefault((key, value), declared)
            if first is not declared:
                message = f"repeats the {key} {value} of the account {first.account.name} ({first.place})"
                below = () if key == "name" else (key,)
                yield declared.place.problem(message, *below)


def _names_fit_physical_names(configuration: Configuration) -> Iterator[Problem]:
    organization = configuration.organization.content.name
    for declared in configuration.declared():
        stem = f"{organization}-{max(ENVIRONMENTS, key=len)}-{declared.account.name}-"
        if (excess := len(stem) + _PURPOSE - _BUCKET_NAME) > 0:
            yield declared.place.problem(
                f"is too long by {excess}: {stem}<up to {_PURPOSE} characters> must fit the {_BUCKET_NAME} characters "
                "of a bucket name; shorten the name of the account or of the organisation"
            )


def _management_is_pinned_in_the_root(configuration: Configuration) -> Iterator[Problem]:
    for declared in configuration.declared():
        account = declared.account
        if "management" in account.roles:
            if account.id is None:
                yield declared.place.problem("is required: the management account exists already", "id")
            if account.unit is not None:
                yield declared.place.problem("must be left out: the management account stands in the root", "unit")
        elif account.unit is None:
            yield declared.place.problem("is required: name the organisational unit of the account", "unit")


def _placements(configuration: Configuration) -> Iterator[tuple[str, Environment, bool, Place]]:
    """Every unit that accounts are put in: its key, their environment, whether they have roles, and where it stands."""
    content, tree = configuration.organization.content, configuration.organization.tree
    for name, entry in content.accounts.items():
        if entry.unit is not None:
            yield entry.unit, entry.environment, bool(entry.roles), Place(tree, ("accounts", name, "unit"))
    for stage in STAGES:
        yield content.vending.team_units.of(stage), stage, True, Place(tree, ("vending", "team_units", stage))
    yield content.vending.domain_unit, DOMAIN_ENVIRONMENT, True, Place(tree, ("vending", "domain_unit"))


def _units_suit_their_accounts(configuration: Configuration) -> Iterator[Problem]:
    units = configuration.organization.content.units
    for key, environment, has_roles, place in _placements(configuration):
        if key not in units:
            yield place.problem(f"names the unknown unit {key}{suggestion(key, units)}")
            continue
        unit = resolve(key, units)
        needed = "production" if environment in ("org", "prod") else "non-production"
        if unit.kind not in (None, needed):
            message = f"is a {unit.kind} unit: an account of the environment {environment} needs a {needed} one"
            yield place.problem(f"{message} (got {key})")
        if has_roles and unit.guardrails == "quarantine":
            yield place.problem(f"is a quarantine unit, in which an account has no roles (got {key})")


def _single_roles_have_one_account(configuration: Configuration) -> Iterator[Problem]:
    tree = configuration.organization.tree
    for role in SINGLE_ROLES:
        holders = [declared for declared in configuration.declared() if role in declared.account.roles]
        if not holders:
            yield tree.problem(("accounts",), f"must give the role {role} to an account")
        for declared in holders[1:]:
            message = f"must not give the role {role} again: the account {holders[0].account.name} has it"
            yield declared.place.problem(f"{message} ({holders[0].place})", "roles")


def _single_roles_serve_the_organisation(configuration: Configuration) -> Iterator[Problem]:
    for declared in configuration.declared():
        environment = declared.account.environment
        single = [role for role in declared.account.roles if role in SINGLE_ROLES]
        if single and environment != "org":
            message = f"must be org, as {', '.join(single)} serves the whole organisation (got {environment})"
            yield declared.place.problem(message, "environment")


def _staged_roles_serve_every_environment(configuration: Configuration) -> Iterator[Problem]:
    tree = configuration.organization.tree
    for role in STAGED_ROLES:
        holders = tuple(declared for declared in configuration.declared() if role in declared.account.roles)
        taken: dict[Environment, Declared] = {}
        for declared in holders:
            first = taken.setdefault(declared.account.environment, declared)
            if first is not declared:
                message = f"must not give the role {role} again in {declared.account.environment}"
                yield declared.place.problem(f"{message}: the account {first.account.name} has it", "roles")
        accounts = tuple(declared.account for declared in holders)
        if unserved := [name for name in ENVIRONMENTS if serving(accounts, name) is None]:
            yield tree.problem(("accounts",), f"must give the role {role} to an account for {', '.join(unserved)}")


RULES = (
    _names_ids_and_emails_are_unique,
    _names_fit_physical_names,
    _management_is_pinned_in_the_root,
    _units_suit_their_accounts,
    _single_roles_have_one_account,
    _single_roles_serve_the_organisation,
    _staged_roles_serve_every_environment,
)
