"""Every kind of stack: where it stands, and whose contracts it reads, from the graphs of both organisations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from docs.site.placed import nodes, purpose
from docs.site.table import GENERATED, code, table
from environments.node import Node


def text(root: Path) -> str:
    """The page."""
    return "\n".join(_lines(root))


def _lines(root: Path) -> Iterator[str]:
    modules: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for node in nodes(root):
        modules[node.module][node.stack].append(node)
    yield "# Stacks"
    yield ""
    yield GENERATED.format(source="the graphs of `environments/` and `examples/small`")
    yield "A stack's id is `<account>-<kind>`, with whom it is for and, outside the home region, the region behind it."
    yield "`mlgov graph` lists those of your organisation."
    yield ""
    for module in sorted(modules):
        yield f"## {module}"
        yield ""
        yield f"[What the module does](../../modules/{module}/README.md)."
        yield ""
        rows = [_row(root, kind, found) for kind, found in sorted(modules[module].items())]
        yield from table(("kind", "what stands in it", "for each", "in accounts with the role", "reads"), rows)


def _row(root: Path, kind: str, found: list[Node]) -> tuple[str, str, str, str, str]:
    contracts = sorted({contract.__name__ for node in found for contract in (*node.consumes, *node.gathers)})
    return (
        code(kind),
        purpose(root, kind),
        "team, project or data domain" if any(node.subject for node in found) else "account",
        _roles(found),
        ", ".join(f"[{name}](contracts.md#{name.lower()})" for name in contracts),
    )


def _roles(found: list[Node]) -> str:
    """The roles that all these accounts have; where they share none, every role that one of them has."""
    accounts: list[set[str]] = [set(node.account.roles) for node in found]
    return ", ".join(sorted(set.intersection(*accounts) or set.union(*accounts)))
