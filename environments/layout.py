"""Where the folder of a stack stands in a synthesis. No cdktf here, as what GitOps needs is written from the graph."""

from __future__ import annotations

from environments.model import Organization
from environments.node import Node
from environments.vocabulary import Layout

STACKS = "stacks"
LIVE = "live"


def folder(organization: Organization, node: Node, layout: Layout) -> str:
    """The stack's folder below the synthesis, with `/`.

    In `live` it is `<environment>/<account>/<kind of stack>[-<whom it is for>][-<region>]`, the region only beside the
    home region.
    """
    if layout == "cdktf":
        return f"{STACKS}/{node.id}"
    region = "" if node.region == organization.home_region else f"-{node.region}"
    return f"{node.account.environment}/{node.account.name}/{node.called}{region}"
