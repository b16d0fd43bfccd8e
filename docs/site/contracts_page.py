"""Every contract between stacks: its fields, who publishes it, who reads it."""

from __future__ import annotations

import dataclasses
import importlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from docs.site.placed import nodes
from docs.site.table import GENERATED, code, table
from modules.core.contract import Contract


def text(root: Path) -> str:
    """The page."""
    return "\n".join(_lines(root))


def _lines(root: Path) -> Iterator[str]:
    producers: dict[type[Contract], set[str]] = defaultdict(set)
    consumers: dict[type[Contract], set[str]] = defaultdict(set)
    placed = nodes(root)
    kinds = {node.id: node.stack for node in placed}
    for node in placed:
        for contract, ids in [*((c, (p,)) for c, p in node.consumes.items()), *node.gathers.items()]:
            producers[contract].update(kinds[producer] for producer in ids)
            consumers[contract].add(node.stack)
    yield "# Contracts"
    yield ""
    yield GENERATED.format(source="the classes and the graphs of `environments/` and `examples/small`")
    yield "A contract is all that one stack knows of another ([decision 4](../adr/0004-contracts-and-the-graph.md))."
    yield "A field that is *named* is computed on both sides; one that AWS *assigned* is read through remote state."
    yield ""
    for contract in contracts(root):
        yield f"## {contract.__name__}"
        yield ""
        yield from ((contract.__doc__ or "").strip().replace("\n    ", "\n").splitlines())
        yield ""
        yield _used(producers[contract], consumers[contract])
        yield ""
        assigned = contract.assigned_fields()
        rows = [
            (code(field.name), code(str(field.type)), "assigned" if field.name in assigned else "named")
            for field in dataclasses.fields(contract)
        ]
        yield from table(("field", "type", "value"), rows)


def contracts(root: Path) -> list[type[Contract]]:
    """Every contract that a module declares, by name."""
    found: dict[str, type[Contract]] = {}
    for file in sorted(root.glob("modules/**/contract.py")):
        module = importlib.import_module(".".join(file.relative_to(root).with_suffix("").parts))
        for each in vars(module).values():
            if isinstance(each, type) and issubclass(each, Contract) and each.__module__ == module.__name__:
                found[each.__name__] = each
    found.pop(Contract.__name__)
    return [found[name] for name in sorted(found)]


def _used(producers: set[str], consumers: set[str]) -> str:
    if not consumers:
        return "No stack of these organisations reads it: what others need of it is named."
    return f"Published by {_kinds(producers)}; read by {_kinds(consumers)}."


def _kinds(kinds: set[str]) -> str:
    return ", ".join(code(kind) for kind in sorted(kinds))
