"""What the stacks of a team at work in an account ask about it."""

from __future__ import annotations

from environments.lake import Desk, desks, readers
from environments.stacks.base import PlatformStack
from modules.data_lake.edges import READS
from modules.data_lake.reading import Reading


def desk_of(stack: PlatformStack) -> Desk:
    """The team that the stack is for, at work in the stack's account."""
    place = stack.place
    return next(
        each for each in desks(stack.organization) if (each.team.name, each.account) == (place.subject, place.account)
    )


def readings(stack: PlatformStack) -> list[Reading]:
    """What the team that the stack is for reads from there, by domain."""
    desk = desk_of(stack)
    return [
        Reading(
            each.domain.name,
            each.domain.lake,
            each.consumption,
            each.personas,
            stack.edge(READS, desk.name, f"domain {each.domain.name}"),
        )
        for each in readers(stack.organization)
        if each.desk == desk
    ]
