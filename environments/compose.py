"""One stack of the graph as CDKTF constructs."""

from __future__ import annotations

from cdktf import App

from environments.carry_over import carry_over
from environments.dismantle import dismantle
from environments.graph import StackGraph
from environments.node import Node
from environments.stacks.base import PlatformStack
from environments.stacks.registry import STACK_CLASSES


def compose(app: App, graph: StackGraph, place: Node) -> PlatformStack:
    """The stack that stands at `place`, with the state that it takes over.

    A dismantled one is made as it was when it worked, then emptied.
    """
    then = graph.before() if place.dismantled else graph
    stack = STACK_CLASSES[place.stack](app, node=then.nodes[place.id], graph=then, organization=then.organization)
    if place.dismantled:
        dismantle(stack, place)
    else:
        carry_over(stack)
    return stack
