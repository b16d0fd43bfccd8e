"""How much hangs on a stack: who has to look at its plan, and who applies it, depends on this alone."""

from __future__ import annotations

from environments.model import Organization
from environments.node import Node
from environments.ownership import stack_tags
from environments.vocabulary import Environment, Tier


def tier(environment: Environment) -> Tier:
    """The tier of the stacks in an account of this environment."""
    match environment:
        case "org":
            return "foundation"
        case "prod":
            return "production"
        case "dev" | "test":
            return "non-production"


def owner(organization: Organization, node: Node) -> str:
    """Who is told of what happens to the stack, an e-mail address: of its team or data domain, else of operations."""
    return stack_tags(organization, node).get("Owner", organization.contacts.operations.email)
