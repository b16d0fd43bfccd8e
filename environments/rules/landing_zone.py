"""Rules of the landing zone: which accounts it deploys into, and whose trail there is."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration, Declared
from environments.vocabulary import SingleRole
from modules.core.errors import Problem
from modules.foundations.control_tower.controls import CONTROLS

_SHARED: tuple[SingleRole, SingleRole] = ("log-archive", "security-tooling")


def _shared(configuration: Configuration) -> list[Declared]:
    """The declared log archive and security tooling accounts, if Control Tower deploys into them and both are there."""
    if not configuration.organization.content.foundations.landing_zone.integrated:
        return []
    declared = list(configuration.declared())
    found = [next((each for each in declared if role in each.account.roles), None) for role in _SHARED]
    return [each for each in found if each is not None] if all(found) else []


def _shared_accounts_lie_apart(configuration: Configuration) -> Iterator[Problem]:
    shared = _shared(configuration)
    for each, role in zip(shared, _SHARED, strict=False):
        if "management" in each.account.roles:
            message = f"must not give the role {role} to the management account: Control Tower wants another one for it"
            yield each.place.problem(message, "roles")
    if shared and shared[0].account.name == shared[1].account.name:
        message = f"must not have the roles {' and '.join(_SHARED)} both: Control Tower wants two accounts for them"
        yield shared[0].place.problem(message, "roles")


def _shared_accounts_stand_in_one_unit_below_the_root(configuration: Configuration) -> Iterator[Problem]:
    units = configuration.organization.content.units
    shared = [each for each in _shared(configuration) if each.account.unit in units]
    for each in shared:
        if (parent := units[str(each.account.unit)].parent) is not None:
            message = (
                f"must be a unit directly below the root, as Control Tower deploys into this account "
                f"(got {each.account.unit}, which stands below {parent})"
            )
            yield each.place.problem(message, "unit")
    if len({each.account.unit for each in shared}) > 1:
        message = f"must be the unit of the account {shared[0].account.name}: Control Tower wants both in one unit"
        yield shared[1].place.problem(f"{message} (got {shared[1].account.unit})", "unit")


def _one_trail_records(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    zone, source = content.foundations.landing_zone, content.observability.trail.source
    if not zone.enabled:
        return  # a landing zone that was set up by hand may have a trail: source says so
    if zone.central_logging and source == "mlgov":
        message = "must be control-tower while foundations.landing_zone.central_logging is true: one trail is enough"
        yield tree.problem(("observability", "trail", "source"), f"{message} (got {source})")
    if not zone.central_logging and source == "control-tower":
        message = "must be mlgov while foundations.landing_zone.central_logging is false: nobody would keep a trail"
        yield tree.problem(("observability", "trail", "source"), f"{message} (got {source})")


def _detective_controls_have_their_recorder(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    foundations = content.foundations
    if not foundations.landing_zone.enabled or foundations.landing_zone.config:
        return
    for level, names in foundations.control_tower.controls:
        for name in names:
            if CONTROLS[name].behaviour == "detective":
                message = f"must not name {name} while landing_zone.config is false: it is an AWS Config rule"
                yield tree.problem(("foundations", "control_tower", "controls", level), message)


def _one_recorder_records(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    source = content.foundations.config.recorder.source
    if content.foundations.landing_zone.enabled and content.foundations.landing_zone.config and source == "mlgov":
        message = "must be control-tower while landing_zone.config is true: an account has one AWS Config recorder"
        yield tree.problem(("foundations", "config", "recorder", "source"), f"{message} (got {source})")


RULES = (
    _shared_accounts_lie_apart,
    _shared_accounts_stand_in_one_unit_below_the_root,
    _one_trail_records,
    _one_recorder_records,
    _detective_controls_have_their_recorder,
)
