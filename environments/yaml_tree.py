"""A tree of YAML values in which every value knows its file and line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from modules.core.errors import Problem

Scalar = str | int | float | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]
Path = tuple[str | int, ...]

_LONGEST_QUOTE = 60
_TEMPLATE = re.compile(r"([$%])(?=\{)")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a YAML file. `line` is that of its key, when it has one; `text` is a scalar as written.

    `size` and `height` are those of the tree with every alias expanded.
    """

    value: Scalar | tuple[Node, ...] | Mapping[str, Node]
    file: str
    line: int
    text: str = ""
    size: int = 1
    height: int = 1

    def find(self, path: Path) -> Node:
        """The node at `path`, or the deepest one on the way that exists."""
        node = self
        for part in path:
            child = node.child(part)
            if child is None:
                return node
            node = child
        return node

    def child(self, part: str | int) -> Node | None:
        """The value of the key, or the item of the list, `part`; None when there is none."""
        if isinstance(self.value, Mapping) and isinstance(part, str):
            return self.value.get(part)
        if isinstance(self.value, tuple) and isinstance(part, int) and part < len(self.value):
            return self.value[part]
        return None

    def only(self, keys: Collection[str]) -> Node:
        """This mapping with those of its keys that are among `keys`."""
        if not isinstance(self.value, Mapping):
            return self
        return replace(self, value={key: child for key, child in self.value.items() if key in keys})

    def problem(self, path: Path, message: str) -> Problem:
        """A problem of the value at `path` below this node, with the line to jump to."""
        node = self.find(path)
        return Problem(node.file, node.line, dotted(path), message)


def dotted(path: Path) -> str:
    """`("accounts", "a", "roles", 0)` as `accounts.a.roles[0]`, in one line whatever the keys hold."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{one_line(part)}" for part in path).removeprefix(".")


def one_line(text: str) -> str:
    """`text` as it is quoted in a message: without line breaks, and cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 3] + "..."


def merge(base: Node, over: Node) -> Node:
    """`over` laid over `base`: mappings key by key, anything else replaced. Every value keeps its origin."""
    if not isinstance(base.value, Mapping) or not isinstance(over.value, Mapping):
        return over
    merged = dict(base.value)
    for key, child in over.value.items():
        merged[key] = merge(merged[key], child) if key in merged else child
    return replace(over, value=merged)


def plain(node: Node) -> Plain:
    """The tree as JSON values, with text made safe for Terraform: `${` and `%{` become `$${` and `%%{`."""
    if isinstance(node.value, Mapping):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, tuple):
        return [plain(child) for child in node.value]
    if isinstance(node.value, str):
        return _TEMPLATE.sub(r"\1\1", node.value)
    return node.value
