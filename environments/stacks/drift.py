"""Drift of models in use, along its way: parts of the stacks `operations`, `artifacts`, `release` and `build`."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Account
from environments.project import Project
from environments.stacks.base import PlatformStack
from environments.stacks.served_desk import served_project
from environments.stacks.watched import kinds_of
from environments.workplaces import building_desk, drifting_desk, project_name, release_account, served_projects
from modules.core.handshake import Edge
from modules.core.naming import Naming
from modules.core.topic import Topic
from modules.foundations.contract import AccessContract, BaselineContract
from modules.ml_operations import names
from modules.ml_operations.drift_alarms import DriftAlarms
from modules.ml_operations.drift_answer import DriftAnswer
from modules.ml_operations.drift_loop import DriftLoop
from modules.ml_operations.edges import REPORTS_DRIFT, RETRAINS
from modules.ml_operations.endpoint_dashboard import EndpointDashboard
from modules.ml_platform.event_bus import Reporter
from modules.ml_platform.names import EVENT_BUS, event_bus_arn, model_group_arns
from modules.ml_use_case.retraining import Asker, Retraining


def watch_drift(stack: PlatformStack, topic: Topic) -> None:
    """In `operations`: what works on findings of monitors, and shows them. `topic` is that of the model's owner."""
    project, served = served_project(stack)
    organization, here = stack.organization, stack.place.account
    account, settings = release_account(organization), stack.settings.ml_operations.monitoring
    name, kinds, desk = project.project, kinds_of(project, served), drifting_desk(organization, project)
    acts = desk is not None and desk.account == here
    if kinds:
        DriftLoop(
            stack,
            "drift",
            naming=stack.naming,
            settings=settings,
            project=name,
            kinds=kinds,
            acts=acts,
            topic=topic,
            bus_arn=event_bus_arn(stack.naming_of(account)),
            reports=_reports(stack, project) if acts and here != account else None,
            keys=stack.consume(BaselineContract),
            boundary_arn=stack.consume(AccessContract).boundary_arn,
        )
        DriftAlarms(
            stack,
            "drift-alarms",
            naming=stack.naming,
            settings=settings,
            project=name,
            mode=served.mode,
            kinds=kinds,
            topic=topic,
        )
    EndpointDashboard(stack, "dashboard", naming=stack.naming, project=name, settings=served, kinds=kinds)


def drift_reporters(stack: PlatformStack) -> Iterator[Reporter]:
    """In `artifacts`: who in other accounts tells the central bus of drift."""
    for project in served_projects(stack.organization):
        desk = drifting_desk(stack.organization, project)
        if desk is not None and desk.account != stack.place.account:
            naming = stack.naming_of(desk.account)
            role_arn = naming.role_arn(names.drift(project.project))
            yield Reporter(naming.account_id, role_arn, _reports(stack, project))


def answer_drift(stack: PlatformStack) -> None:
    """In `release`: what follows drift that production reports."""
    organization, here = stack.organization, stack.place.account
    project = next(each for each in organization.projects if each.project == stack.place.subject)
    watching, building = drifting_desk(organization, project), building_desk(organization, project)
    if watching is None:
        return
    there = stack.naming_of(building.account) if building else None
    away = building is not None and building.account != here
    DriftAnswer(
        stack,
        "drift",
        naming=stack.naming,
        project=project.project,
        account=watching.account.name,
        account_id=stack.account_id(watching.account),
        bus=EVENT_BUS,
        models=model_group_arns(stack.naming, project.team, project.project)[1],
        retrain_bus_arn=_bus_arn(there, project) if there else None,
        retrains=_retrains(stack, project, here) if away else None,
        owner=project.owner or organization.team(project.team).owner,
        keys=stack.consume(BaselineContract),
        boundary_arn=stack.consume(AccessContract).boundary_arn,
    )


def hear_of_drift(stack: PlatformStack, project: Project, owner: str) -> None:
    """In `build`: what starts the build when drift asks for it; nothing for a model that production does not serve."""
    organization, account = stack.organization, release_account(stack.organization)
    if project not in served_projects(organization) or drifting_desk(organization, project) is None:
        return
    asker = None
    if account != stack.place.account:
        naming = stack.naming_of(account)
        role_arn = naming.role_arn(names.drift_answer(project.project))
        asker = Asker(naming.account_id, role_arn, _retrains(stack, project, account))
    Retraining(
        stack,
        "retraining",
        naming=stack.naming,
        project=project.project,
        bus=names.retrain_bus(project.project),
        asker=asker,
        owner=owner,
        key_arn=stack.consume(BaselineContract).key_arns["messages"],
        boundary_arn=stack.consume(AccessContract).boundary_arn,
    )


def _bus_arn(naming: Naming, project: Project) -> str:
    return naming.arn("events", f"event-bus/{naming.name(names.retrain_bus(project.project))}")


def _reports(stack: PlatformStack, project: Project) -> Edge:
    return stack.edge(REPORTS_DRIFT, project_name(project), release_account(stack.organization).name)


def _retrains(stack: PlatformStack, project: Project, account: Account) -> Edge:
    return stack.edge(RETRAINS, account.name, project_name(project))
