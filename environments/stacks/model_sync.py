"""Who copies approved models to the central registry, as the policies of what is copied name it."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.workplaces import release_account
from modules.core.foreign_role import ForeignRole
from modules.foundations.contract import OrganizationContract
from modules.ml_platform.names import MODEL_SYNC


def model_sync(stack: PlatformStack) -> ForeignRole:
    """The role beside the central registry, for a stack of another account."""
    there = stack.naming_of(release_account(stack.organization))
    return ForeignRole(there, MODEL_SYNC, stack.consume(OrganizationContract).organization_id)
