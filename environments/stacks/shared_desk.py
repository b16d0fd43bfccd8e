"""What the stacks of a team at work in an account ask about artefacts, images and packages that teams share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of
from environments.workplaces import (
    ARTIFACT_WRITERS,
    image_registry,
    packages_offered,
    pulls_in,
    release_account,
    released_to,
    serving_account,
    studios,
)
from modules.core.handshake import Edge, EdgeKind
from modules.core.iam import Statement
from modules.ml_platform.edges import HANDS_OVER, INSTALLS, PULLS
from modules.ml_platform.user import hands_over, installs, pulls
from modules.ml_use_case.studio_settings import ServiceRole, StudioPersona


def artifact_statements(stack: PlatformStack, what: StudioPersona | ServiceRole) -> Iterator[Statement]:
    """What the team's role `what` is allowed of them; renders the sides `roles`. Endpoints install nothing."""
    organization, desk = stack.organization, desk_of(stack)
    account = serving_account(organization, desk)
    shared = stack.naming_of(account)
    registries = [
        (replace(shared, region=region), _way(stack, PULLS, image_registry(organization, account, region)))
        for region in pulls_in(organization, desk)
    ]
    release = release_account(organization)
    if what == "serving" and desk in released_to(organization) and release not in (account, stack.place.account):
        registry = image_registry(organization, release, organization.home_region)
        registries.append((stack.naming_of(release), stack.edge(PULLS, desk.name, registry)))
    settings = organization.settings(account.environment).ml_platform.artifacts
    yield from pulls(stack, registries, caches=sorted(settings.images.caches))
    way = _way(stack, HANDS_OVER, account.name)
    yield from hands_over(stack, way, shared=shared, team=desk.team.name, writes=what in ARTIFACT_WRITERS)
    if packages_offered(organization) and desk in studios(organization) and what != "serving":
        yield from installs(stack, _way(stack, INSTALLS, account.name), shared=shared)


def _way(stack: PlatformStack, kind: EdgeKind, target: str) -> Edge | None:
    """The way there; None where what is shared stands in the stack's own account."""
    desk = desk_of(stack)
    here = serving_account(stack.organization, desk) == stack.place.account
    return None if here else stack.edge(kind, desk.name, target)
