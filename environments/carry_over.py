"""State that a stack takes over: from what was there before (`adopt`), and from its own former addresses (moves)."""

from __future__ import annotations

from collections.abc import Sequence

from environments.adoption import concerns, forgotten, imports
from environments.moves import MOVES, Move, moved_blocks
from environments.stacks.base import PlatformStack
from modules.core.escape import override

_BECAUSE = "cdktf's own ways start `terraform version` for each resource, and know no removed blocks"


def carry_over(stack: PlatformStack, moves: Sequence[Move] = MOVES) -> None:
    """Give a composed stack its `import`, `moved` and `removed` blocks; one that has none keeps its bytes.

    Raises ConfigError and SynthError as `imports`, `forgotten` and `moved_blocks` say.
    """
    place, graph = stack.place, stack.graph
    if not concerns(graph, place) and all(move.stack != place.stack for move in moves):
        return
    document = stack.to_terraform()
    gone = [{"from": each, "lifecycle": {"destroy": False}} for each in forgotten(graph, place, document)]
    blocks = {
        "import": [each.block for each in imports(graph, place, document)],
        "moved": moved_blocks(place.stack, document, moves),
        # Beside those that a construct forgets by itself (modules/core/forget.py).
        "removed": [*document.get("removed", []), *gone] if gone else [],
    }
    for name, content in blocks.items():
        if content:
            override(stack, name, content, because=_BECAUSE)
