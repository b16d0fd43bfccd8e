"""What the stacks of a team at work in an account ask about models that are served there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from environments.project import Project
from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of
from environments.workplaces import served_at, served_here, serving_desks, serving_of
from modules.core.iam import Statement
from modules.foundations.contract import BaselineContract
from modules.ml_operations.served_user import serves
from modules.ml_operations.serving_settings import ServedAs
from modules.ml_use_case.role_statements import TeamRole


def served_project(stack: PlatformStack) -> tuple[Project, ServedAs]:
    """The project that the stack is for, and how its model is served in the stack's account."""
    organization, place = stack.organization, stack.place
    project = next(each for each in organization.projects if each.project == place.subject)
    desk = next(each for each in serving_desks(organization, project) if each.account == place.account)
    return project, served_at(project, desk)


def served_statements(stack: PlatformStack, role: TeamRole) -> Mapping[str, Sequence[Statement]]:
    """What the team's role is allowed of models that are served in the account; nothing for people."""
    projects = {
        each.project: serving_of(each).mode == "asynchronous"
        for each in served_here(stack.organization, desk_of(stack))
    }
    if not projects or (role != "serving" and role != "pipeline"):
        return {}
    keys = stack.consume(BaselineContract).key_arns
    return {
        "served": tuple(
            serves(
                role,
                naming=stack.naming,
                projects=projects,
                endpoint_key=keys["endpoint"],
                message_key=keys["messages"],
            )
        )
    }
