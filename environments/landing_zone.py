"""What AWS Control Tower gets to see of the organisation. No cdktf here."""

from __future__ import annotations

from environments.model import Account, Organization
from modules.foundations.control_tower.governed_unit import GovernedUnit


def shared_accounts(organization: Organization) -> tuple[Account, Account]:
    """The accounts that Control Tower deploys into: log archive and security tooling."""
    return organization.account_for("log-archive", "org"), organization.account_for("security-tooling", "org")


def governed_units(organization: Organization) -> list[GovernedUnit]:
    """Every unit, with its controls and whether Control Tower registers it.

    Controls stand at the units that hold accounts, all of their level: only what is a service control policy is sure
    to reach the units below. Units are registered where Control Tower records configurations (`landing_zone.config`),
    except the one with the accounts it deploys into, which the landing zone itself manages, and those in quarantine.
    """
    settings = organization.settings("org").foundations
    inhabited = {account.unit for account in organization.accounts}
    security = {account.unit for account in shared_accounts(organization)}
    return [
        GovernedUnit(
            unit.key,
            unit.parent,
            registered=settings.landing_zone.config and unit.guardrails != "quarantine" and unit.key not in security,
            controls=settings.control_tower.controls.up_to(unit.guardrails) if unit.key in inhabited else (),
        )
        for unit in organization.units
    ]
