"""Where ML teams work and what they share: what stacks of the ML platform and of use cases ask. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator

from environments.lake import Desk, desks
from environments.model import Account, Organization
from modules.ml_use_case.project_settings import ProjectSpec


def serving_account(organization: Organization, desk: Desk) -> Account:
    """The account with the role ml-shared-services whose images, packages, artefacts and hub the desk uses."""
    return organization.account_for("ml-shared-services", desk.stages[0])


def portfolio_account(organization: Organization) -> Account:
    """The account that administers Service Catalog for the organisation."""
    return organization.account_for("shared-services", "org")


def studios(organization: Organization) -> Iterator[Desk]:
    """Every team at work in a dev account that has a network in the home region: Studio stands in no other."""
    networked = organization.with_vpc("network", organization.home_region)
    return (desk for desk in desks(organization) if "dev" in desk.stages and desk.account in networked)


def projects_at(organization: Organization, desk: Desk) -> tuple[ProjectSpec, ...]:
    """The projects of the desk's team, by name."""
    return tuple(each for each in organization.projects if each.team == desk.team.name)


def project_name(project: ProjectSpec) -> str:
    """How edges call it."""
    return f"project {project.project}"


def launching_accounts(organization: Organization) -> tuple[Account, ...]:
    """The accounts in which people of teams launch products, by name; several teams may share one."""
    found = {desk.account.name: desk.account for desk in studios(organization)}
    return tuple(found[name] for name in sorted(found))
