"""What happens to a team's models, announced to the central event bus: a part of the team's stack `studio`."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of
from environments.workplaces import release_account
from modules.foundations.contract import AccessContract, BaselineContract
from modules.ml_platform.edges import ANNOUNCES
from modules.ml_platform.event_schemas import events_of_models
from modules.ml_platform.names import announcer, event_bus_arn
from modules.ml_use_case.announcements import Announcements


def announce(stack: PlatformStack) -> None:
    """Place the rule for the team that the stack is for, with the side `rule` of its edge."""
    desk, naming = desk_of(stack), stack.naming
    account = release_account(stack.organization)
    here = account == stack.place.account
    Announcements(
        stack,
        "announcements",
        naming=naming,
        what=announcer(desk.team.name),
        pattern=events_of_models(f"{naming.name(desk.team.name)}-"),
        bus_arn=event_bus_arn(stack.naming_of(account)),
        key_arn=stack.consume(BaselineContract).key_arns["messages"],
        boundary_arn=stack.consume(AccessContract).boundary_arn,
        contact=desk.team.owner,
        announces=None if here else stack.edge(ANNOUNCES, desk.name, account.name),
    )
