"""Checks of endpoints by the calendar, along their way: parts of the stacks `operations` and `models`."""

from __future__ import annotations

from environments.model import Account
from environments.project import Project
from environments.stacks.base import PlatformStack
from environments.stacks.served_desk import served_project
from environments.workplaces import project_name, release_account
from modules.core.handshake import Edge
from modules.core.topic import Topic
from modules.foundations.contract import AccessContract, BaselineContract
from modules.ml_operations.check_settings import is_checked
from modules.ml_operations.edges import READS_SAMPLES
from modules.ml_operations.endpoint_check import EndpointCheck, Samples
from modules.ml_platform.names import MODEL_BUCKET, MODEL_KEY, model_files


def check_endpoint(stack: PlatformStack, topic: Topic) -> None:
    """In `operations`: what asks the model, where it is asked by the calendar. `topic` is that of its owner."""
    project, served = served_project(stack)
    settings, account = stack.settings.ml_operations, release_account(stack.organization)
    if not is_checked(settings.checks, served):
        return
    EndpointCheck(
        stack,
        "check",
        naming=stack.naming,
        settings=settings.checks,
        served=served,
        project=project.project,
        tolerance=settings.release.tolerance,
        samples=Samples(
            naming=stack.naming_of(account),
            bucket=MODEL_BUCKET,
            prefix=f"{model_files(project.team)}{project.project}/",
            key=MODEL_KEY,
            edge=None if account == stack.place.account else sampling(stack, project, stack.place.account),
        ),
        topic=topic,
        keys=stack.consume(BaselineContract),
        boundary_arn=stack.consume(AccessContract).boundary_arn,
    )


def sampling(stack: PlatformStack, project: Project, account: Account) -> Edge:
    """The way from the check in `account` to the samples of the project's versions."""
    return stack.edge(
        READS_SAMPLES, f"{project_name(project)} in {account.name}", release_account(stack.organization).name
    )
