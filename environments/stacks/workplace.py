"""What the stacks of a team at work in an account ask about where it works."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of
from environments.workplaces import offer_level, projects_at
from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_use_case.studio_settings import Offer
from modules.ml_use_case.workplace import Workplace


def offer_of(stack: PlatformStack) -> Offer:
    """What Studio offers at the guardrail level of the account's unit."""
    level = offer_level(stack.organization, stack.place.account)
    return stack.settings.ml_use_case.studio.offers.at(level)


def workplace_of(stack: PlatformStack) -> Workplace:
    """Where the team that the stack is for works."""
    desk, organization = desk_of(stack), stack.organization
    develops = "dev" in desk.stages
    projects = projects_at(organization, desk) if develops else ()
    networked = SpokeContract in stack.place.consumes
    return Workplace(
        naming=stack.naming,
        team=desk.team.name,
        develops=develops,
        projects=tuple(each.project for each in projects),
        branches=tuple(sorted({each.source.branch for each in projects})),
        key_arns=stack.consume(BaselineContract).key_arns,
        security_group_id=stack.consume(SpokeContract).workload_security_group_id if networked else None,
        instance_types=offer_of(stack).instance_types,
        image_accounts=organization.settings("org").foundations.guardrails.image_accounts,
    )
