"""Where kinds of stacks and contracts are used: in both organisations of this repository."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from environments.graph import StackGraph
from environments.load import load
from environments.node import Node

ORGANISATIONS: Mapping[str, str] = {"acme": "environments", "minnow": "examples/small"}


@cache
def graph(root: Path, organisation: str) -> StackGraph:
    """The graph of an organisation of the repository."""
    return StackGraph(load(root / ORGANISATIONS[organisation]))


def nodes(root: Path) -> list[Node]:
    """Every stack of both organisations."""
    return [node for name in ORGANISATIONS for node in graph(root, name).nodes.values()]


def purpose(root: Path, kind: str) -> str:
    """What stacks of this kind hold, as the class says that composes them.

    Its file is read, as importing it would start jsii. Raises ValueError where it has no docstring.
    """
    file = root / "environments" / "stacks" / f"{kind.replace('-', '_')}.py"
    classes = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)]
    told = [ast.get_docstring(found) for found in classes if found.name.endswith("Stack")]
    if not told or not told[0]:
        raise ValueError(f"{file}: its stack has no docstring")
    return told[0].partition("\n\n")[0]
