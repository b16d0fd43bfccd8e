"""Where ML teams work and what they share: what stacks of the ML platform and of use cases ask. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator

from environments.lake import Desk, desks
from environments.model import Account, Organization
from environments.project import Project
from modules.ml_operations.check_settings import is_checked
from modules.ml_operations.serving_settings import ServedAs, Serving
from modules.ml_use_case.studio_settings import STUDIO_PERSONAS, OfferLevel, ServiceRole, StudioPersona

# The purpose of the key, in an account in which models are built, that encrypts projects' files.
MODEL_FILES_KEY = "artifacts"
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


def teams_of(organization: Organization, account: Account) -> tuple[str, ...]:
    """The teams that `account`, with the role ml-shared-services, serves, by name.

    One whose accounts are suspended is among them: what it handed over stays until the team is closed.
    """
    return tuple(
        team.name
        for team in organization.teams
        if any(
            organization.account_for("ml-shared-services", stages[0]) == account
            for stages in team.stages_by_account.values()
        )
    )


def pulls_in(organization: Organization, desk: Desk) -> tuple[str, ...]:
    """The regions in which the desk pulls images: home, then where else it has a network."""
    home = organization.home_region
    return (home, *sorted(set(desk.account.networks) - {home}))


def pulling(organization: Organization, account: Account, region: str) -> tuple[Desk, ...]:
    """Those of other accounts that pull images of `account` in the region: whom it serves, and who serves models.

    What a released version runs in is pulled where it was released, in test, too.
    """
    served = served_by(organization, account)
    found = [desk for desk in served if region in pulls_in(organization, desk)]
    if account == release_account(organization) and region == organization.home_region:
        found += [desk for desk in released_to(organization) if desk not in served and desk.account != account]
    return tuple(found)


def released_to(organization: Organization) -> tuple[Desk, ...]:
    """Every team at work in an account in which a model of it is served, by team and account."""
    every = {desk.name: desk for project in organization.projects for desk in serving_desks(organization, project)}
    return tuple(every[name] for name in sorted(every))


def copied_projects(organization: Organization, account: Account) -> tuple[Project, ...]:
    """The projects in `account` whose approved versions the central registry copies, which stands in another."""
    if account == release_account(organization):
        return ()
    there = (desk for desk in studios(organization) if desk.account == account)
    return tuple(project for desk in there for project in projects_at(organization, desk))


def copied_images(organization: Organization) -> tuple[Account, ...]:
    """The accounts whose images models are built with that are copied to the central registry, by name."""
    release = release_account(organization)
    found = {
        account.name: account
        for desk in studios(organization)
        if copied_projects(organization, desk.account)
        for account in [serving_account(organization, desk)]
        if account != release
    }
    return tuple(found[name] for name in sorted(found))


def image_regions(organization: Organization, account: Account) -> tuple[str, ...]:
    """The regions in which images of `account` are pulled, home first."""
    home = organization.home_region
    used = {region for desk in served_by(organization, account) for region in pulls_in(organization, desk)}
    return (home, *sorted(used - {home}))


def image_registry(organization: Organization, account: Account, region: str) -> str:
    """How edges call the images of `account` in the region."""
    return account.name if region == organization.home_region else f"{account.name} in {region}"


def packages_offered(organization: Organization) -> bool:
    """Whether AWS offers CodeArtifact in the organisation's partition."""
    return organization.partition == "aws"


def installing(organization: Organization, account: Account) -> tuple[Desk, ...]:
    """Those that `account` serves that install packages from it: where people and builds work."""
    there = tuple(studios(organization))
    served = served_by(organization, account) if packages_offered(organization) else ()
    return tuple(desk for desk in served if desk in there)


def announcing(organization: Organization, account: Account) -> tuple[Desk, ...]:
    """Those who tell the bus in `account` what happens to their models: every Studio tells the releasing account."""
    if account != release_account(organization):
        return ()
    return tuple(desk for desk in studios(organization) if desk.account != account)


def release_account(organization: Organization) -> Account:
    """The account with the one central registry, from which models are released to test and production.

    It stands in production: it takes models from accounts below it, and none of these writes to it (ADR 30).
    """
    return organization.account_for("ml-shared-services", "prod")


def served_projects(organization: Organization) -> tuple[Project, ...]:
    """The projects whose models are released to be served, by name."""
    return tuple(each for each in organization.projects if any(serving_desks(organization, each)))


def serving_desks(organization: Organization, project: Project) -> Iterator[Desk]:
    """Where the project's model is served: in its team's accounts for test and production, in that order.

    One account may be both. None for a project without `serving`, or whose serving has ended.
    """
    networked = organization.with_vpc("network", organization.home_region)
    if project.serving is None or project.serving.ended:
        return
    found = [desk for desk in desks(organization) if desk.team.name == project.team and desk.account in networked]
    for desk in sorted(found, key=lambda desk: "prod" in desk.stages):
        if "test" in desk.stages or "prod" in desk.stages:
            yield desk


def drifting_desk(organization: Organization, project: Project) -> Desk | None:
    """Where drift of the project's model has a response: in production; None where it is not served there."""
    return next((desk for desk in serving_desks(organization, project) if "prod" in desk.stages), None)


def building_desk(organization: Organization, project: Project) -> Desk | None:
    """Where the project is built; None where nobody builds it any more."""
    return next((desk for desk in studios(organization) if project in projects_at(organization, desk)), None)


def served_here(organization: Organization, desk: Desk) -> tuple[Project, ...]:
    """The projects of the desk's team whose models are served in its account, by name."""
    return tuple(
        each
        for each in organization.projects
        if each.team == desk.team.name
        and any(found.account == desk.account for found in serving_desks(organization, each))
    )


def serving_of(project: Project) -> Serving:
    """How the project's file says that it is served. Raises LookupError for one that is not."""
    if project.serving is None:
        raise LookupError(f"{project.project} is not served")
    return project.serving


def served_at(project: Project, desk: Desk) -> ServedAs:
    """How the project's model is served at the desk; in an account that is test and production, as in production."""
    return serving_of(project).at("prod" if "prod" in desk.stages else "test")


def checked_here(organization: Organization, desk: Desk) -> tuple[Project, ...]:
    """The projects of the desk's team whose models are asked by the calendar in its account, by name."""
    settings = organization.settings(desk.account.environment).ml_operations.checks
    return tuple(each for each in served_here(organization, desk) if is_checked(settings, served_at(each, desk)))


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


def offer_level(organization: Organization, account: Account) -> OfferLevel:
    """The guardrail level of the account's unit, by which Studio offers more or less; in the root the strictest."""
    levels = {unit.key: unit.guardrails for unit in organization.units}
    level = levels.get(account.unit or "", "strict")
    return "strict" if level == "quarantine" else level


def projects_at(organization: Organization, desk: Desk) -> tuple[Project, ...]:
    """The projects that the desk's team builds, by name; not those that have ended."""
    return tuple(each for each in organization.projects if each.team == desk.team.name and not each.ended)


def project_name(project: Project) -> str:
    """How edges call it."""
    return f"project {project.project}"


def registered_projects(organization: Organization, account: Account) -> tuple[Project, ...]:
    """The projects whose models the registry in `account` holds: all or none, as one registry is the central one.

    One that has ended is among them: its models may be at work.
    """
    return organization.projects if account == release_account(organization) else ()


def models_of(organization: Organization, desk: Desk) -> tuple[str, ...]:
    """The projects of the desk's team whose models it finds in the central registry."""
    return tuple(each.project for each in organization.projects if each.team == desk.team.name)


def registry_readers(organization: Organization, account: Account) -> tuple[Desk, ...]:
    """Every team with projects that is at work in another account and finds its models in the registry there."""
    if account != release_account(organization):
        return ()
    every = (desk for desk in desks(organization) if desk.account != account)
    return tuple(desk for desk in every if models_of(organization, desk))


def has_hub(organization: Organization, account: Account) -> bool:
    """Whether the private hub stands in `account`, which has the role ml-shared-services."""
    return organization.settings(account.environment).ml_platform.models.hub.enabled


def hub_users(organization: Organization, account: Account) -> tuple[Desk, ...]:
    """Every team that takes models from the hub in `account`, from another account in which it has Studio."""
    if not has_hub(organization, account):
        return ()
    every = (desk for desk in studios(organization) if desk.account != account)
    return tuple(desk for desk in every if serving_account(organization, desk) == account)


def launching_accounts(organization: Organization) -> tuple[Account, ...]:
    """The accounts in which people of teams launch products, by name; several teams may share one."""
    found = {desk.account.name: desk.account for desk in studios(organization)}
    return tuple(found[name] for name in sorted(found))
