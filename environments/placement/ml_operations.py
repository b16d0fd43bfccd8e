"""How models are released: their central copies, a pipeline for each, and what serves them in test and production."""

from __future__ import annotations

from collections.abc import Iterator

from environments.node import Node
from environments.placement.site import Edges, Site
from environments.project import Project
from environments.workplaces import (
    announcing,
    building_desk,
    checked_here,
    copied_images,
    drifting_desk,
    project_name,
    release_account,
    served_projects,
    serving_desks,
)
from modules.core.handshake import Edge, Handshake
from modules.foundations.contract import BaselineContract, OrganizationContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations.edges import DEPLOYS, KEEPS_STATE, READS_SAMPLES, REPORTS_DRIFT, RETRAINS

MODULE = "ml_operations"


def place(site: Site) -> Iterator[Node]:
    """In the releasing account the copies of models, and a pipeline for each; where it is served, its own stacks."""
    organization = site.organization
    account = release_account(organization)
    after = [site.id(account, "artifacts"), site.id(account, "models")]
    building = [desk.account for desk in announcing(organization, account)]
    edges: Edges = {**site.access(account), **site.ids(*building, *copied_images(organization))}
    yield site.node("promotion", account, edges, module=MODULE, after=after)
    projects = served_projects(organization)
    if projects:
        edges = {**site.access(site.management), OrganizationContract: site.tree}
        yield site.node("release-state", site.management, edges, module=MODULE)
    for project in projects:
        name = project.project
        served_in = [desk.account for desk in serving_desks(organization, project)]
        edges = {
            **site.access(account),
            **site.ids(*served_in),
            BaselineContract: site.id(account, "baseline"),
            SpokeContract: site.id(account, "network"),
        }
        yield site.node("release", account, edges, subject=name, module=MODULE, after=[site.id(account, "promotion")])
        for desk in serving_desks(organization, project):
            here = desk.account
            own: Edges = {**site.access(here), BaselineContract: site.id(here, "baseline")}
            edges = {**own, OrganizationContract: site.tree}
            consumer = site.id(here, "consumer", subject=desk.team.name)
            yield site.node("operations", here, edges, subject=name, module=MODULE, after=[consumer])
            edges = {**own, SpokeContract: site.id(here, "network")}
            operations = site.id(here, "operations", subject=name)
            yield site.node("serving", here, edges, subject=name, module=MODULE, after=[operations])


def handshakes(site: Site) -> Iterator[Handshake]:
    """What each pipeline reaches: the accounts that serve the model, and the state of what serves it there."""
    organization = site.organization
    account = release_account(organization)
    for project in served_projects(organization):
        builds, name = site.id(account, "release", subject=project.project), project_name(project)
        for desk in serving_desks(organization, project):
            serving = site.id(desk.account, "serving", subject=project.project)
            if account != site.management:
                sides = {"role": site.id(site.management, "release-state"), "builds": builds}
                yield Handshake(Edge(KEEPS_STATE, name, serving), sides)
            if desk.account != account:
                role = site.id(desk.account, "operations", subject=project.project)
                yield Handshake(Edge(DEPLOYS, name, desk.account.name), {"role": role, "builds": builds})
            if desk.account != account and project in checked_here(organization, desk):
                check = site.id(desk.account, "operations", subject=project.project)
                sides = {"check": check, **dict.fromkeys(("bucket", "key"), site.id(account, "models"))}
                yield Handshake(Edge(READS_SAMPLES, f"{name} in {desk.account.name}", account.name), sides)
        yield from _drift(site, project)


def _drift(site: Site, project: Project) -> Iterator[Handshake]:
    """From what watches the model in production to the releasing account, and from there to the project's build."""
    organization, name = site.organization, project_name(project)
    account, watching = release_account(organization), drifting_desk(organization, project)
    building = building_desk(organization, project)
    if watching is not None and watching.account != account:
        machine = site.id(watching.account, "operations", subject=project.project)
        sides = {"machine": machine, "bus": site.id(account, "artifacts")}
        yield Handshake(Edge(REPORTS_DRIFT, name, account.name), sides)
    if watching is not None and building is not None and building.account != account:
        answer = site.id(account, "release", subject=project.project)
        sides = {"answer": answer, "bus": site.id(building.account, "build", subject=project.project)}
        yield Handshake(Edge(RETRAINS, account.name, name), sides)
