"""What the stacks of a team at work in an account ask about registered models and the private hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from environments.model import Account
from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of
from environments.workplaces import has_hub, models_of, release_account, serving_account, studios
from modules.core.handshake import Edge, EdgeKind
from modules.core.iam import Statement
from modules.ml_platform.edges import FINDS_MODELS, USES_HUB
from modules.ml_platform.model_user import finds_models, uses_hub
from modules.ml_use_case.role_statements import TeamRole

# Jobs and endpoints put models to use; people look at them.
_DEPLOYS: tuple[TeamRole, ...] = ("pipeline", "serving")


def model_statements(stack: PlatformStack, role: TeamRole) -> Mapping[str, Sequence[Statement]]:
    """What the team's role is allowed of the central registry and of the hub, apart; renders the sides `roles`."""
    organization, desk = stack.organization, desk_of(stack)
    deploys = role in _DEPLOYS
    found: dict[str, Sequence[Statement]] = {}
    if projects := models_of(organization, desk):
        account = release_account(organization)
        registry, way = stack.naming_of(account), _way(stack, FINDS_MODELS, account)
        found[f"models-{account.environment}"] = tuple(
            finds_models(stack, way, registry=registry, team=desk.team.name, projects=projects, deploys=deploys)
        )
    account = serving_account(organization, desk)
    if has_hub(organization, account) and desk in studios(organization):
        way = _way(stack, USES_HUB, account)
        found["hub"] = tuple(uses_hub(stack, way, hub=stack.naming_of(account), deploys=deploys))
    return found


def _way(stack: PlatformStack, kind: EdgeKind, account: Account) -> Edge | None:
    """The way there; None where what is shared stands in the stack's own account."""
    return None if account == stack.place.account else stack.edge(kind, desk_of(stack).name, account.name)
