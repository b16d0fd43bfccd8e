"""Where ML teams work and what they share: what stacks of the ML platform and of use cases ask. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator

from environments.lake import Desk, desks
from environments.model import Account, Organization
from modules.ml_use_case.project_settings import ProjectSpec
from modules.ml_use_case.studio_settings import STUDIO_PERSONAS, ServiceRole, StudioPersona

# Who hands artefacts over: jobs, and no people.
ARTIFACT_WRITERS: tuple[StudioPersona | ServiceRole, ...] = ("pipeline",)


def serving_account(organization: Organization, desk: Desk) -> Account:
    """The account with the role ml-shared-services whose images, packages, artefacts and hub the desk uses."""
    return organization.account_for("ml-shared-services", desk.stages[0])


def served_by(organization: Organization, account: Account) -> tuple[Desk, ...]:
    """Every team at work in an account that uses what stands in `account`, which has the role ml-shared-services.

    Those in the account itself are not among them: there IAM alone decides.
    """
    every = (desk for desk in desks(organization) if desk.account != account)
    return tuple(desk for desk in every if serving_account(organization, desk) == account)


def image_regions(organization: Organization, account: Account) -> tuple[str, ...]:
    """The regions in which images of `account` are pulled: home, then where a team that it serves has a network."""
    home = organization.home_region
    used = {region for desk in served_by(organization, account) for region in pulled_in(organization, desk)}
    return (home, *sorted(used - {home}))


def pulled_in(organization: Organization, desk: Desk) -> tuple[str, ...]:
    """The regions in which the desk pulls images: home, then where else it has a network."""
    home = organization.home_region
    return (home, *sorted(set(desk.account.networks) - {home}))


def image_registry(organization: Organization, account: Account, region: str) -> str:
    """How edges call the images of `account` in `region`."""
    return account.name if region == organization.home_region else f"{account.name} in {region}"


def workers(desk: Desk) -> tuple[StudioPersona | ServiceRole, ...]:
    """Whose roles the team has in the account: people work in dev alone, jobs and endpoints everywhere."""
    services: tuple[ServiceRole, ...] = ("pipeline", "serving")
    return (*STUDIO_PERSONAS, *services) if "dev" in desk.stages else services


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
