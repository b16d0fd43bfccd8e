"""A stack that has left the YAML: in `live/` it stays until what it had made is taken down (ADR 40). No cdktf here.

Nothing plans a folder that is gone: Atlantis skips the project, plain Terraform is never started there. So the last
committed JSON is replaced by its retirement form, by the rule of `environments/dismantle.py`, and applied like any
other change. `mlgov retire` takes the folder out once the state holds nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from environments.graph import StackGraph
from environments.manifest import Manifest, StackEntry, content
from modules.core.errors import ConfigError
from modules.core.retention import outlives_its_stack, removed_block

_DATA = re.compile(r"\bdata\.([a-z0-9_]+)\.([A-Za-z0-9_-]+)")
_STAYS = ("terraform", "provider", "variable")
_LETS_IN = ("access", "organization")  # stacks: the account's roles, and the id of the account


def retirement_form(document: dict[str, Any]) -> dict[str, Any]:
    """The stack's JSON with nothing to make: applying it destroys what the stack had made.

    Guarantees:
    - what holds data, and what protects that, is left in the account as it is: `removed` blocks drop its state alone;
    - it reads no more than its provider needs;
    - it says that it is dismantled, so the gate knows an empty stack that is meant;
    - the form of a form is the form: whoever makes it again finds what was added by hand gone.
    """
    kept = [
        removed_block(f"{kind}.{name}")
        for kind, named in sorted(document.get("resource", {}).items())
        for name, body in sorted(named.items())
        if outlives_its_stack(kind, body.get("type_name") if kind == "aws_cloudcontrolapi_resource" else None)
    ]
    form = {key: document[key] for key in _STAYS if key in document}
    form["//"] = {"dismantled": True}
    if data := _needed(document.get("data", {}), document.get("provider", {})):
        form["data"] = data
    if removed := [*document.get("removed", ()), *kept]:
        form["removed"] = removed
    return form


def carried(graph: StackGraph, before: Manifest, out: Path, fresh: Path) -> list[StackEntry]:
    """Write into `fresh` the retirement form of each stack that `out` has and `graph` has not; returns their entries.

    Each stands behind what it comes after. A stack in an account that is closed is left out: the account takes it with
    it. Raises ConfigError for a stack that would keep its state elsewhere, and for one whose account has left the
    YAML without being closed: nobody could enter it any more. Raises ManifestError when a file is not what was written.
    """
    _keeps_its_state(graph, before)
    closed = {account.name for account in graph.organization.closed}
    leaving = [entry for entry in before.stacks if entry.id not in graph.nodes and entry.account not in closed]
    _can_be_entered(graph, leaving)
    return [
        _written(entry, _after(entry, before, graph, leaving), out, fresh)
        for entry in _in_order(leaving, before, graph)
    ]


def _keeps_its_state(graph: StackGraph, before: Manifest) -> None:
    for entry in before.stacks:
        if entry.id not in graph.nodes:
            continue
        state = graph.state(graph.nodes[entry.id])
        if (state.bucket, state.key) != (entry.state_bucket, entry.state_key):
            raise ConfigError(
                f"{entry.id} would keep its state in {state.bucket}/{state.key}, and what it made stands in "
                f"{entry.state_bucket}/{entry.state_key}: Terraform would make everything anew. Undo the change of "
                "environment or name; or copy the state there and write its new place into live/mlgov.json"
            )


def _can_be_entered(graph: StackGraph, leaving: Iterable[StackEntry]) -> None:
    there = {account.name for account in graph.organization.accounts}
    if lost := sorted({entry.account for entry in leaving} - there):
        raise ConfigError(
            f"{', '.join(lost)}: the YAML has no such account any more, but live/ has stacks in it, and what they made "
            "would be left behind: a team or data domain leaves by its stages (`mlgov offboard`); keep any other "
            "account in the YAML until its stacks are retired"
        )


def _written(entry: StackEntry, after: tuple[str, ...], out: Path, fresh: Path) -> StackEntry:
    document = json.loads(content(out / entry.path, entry.sha256, entry.id))
    text = json.dumps(retirement_form(document), indent=2, sort_keys=True, ensure_ascii=False).encode()
    shutil.rmtree(fresh / entry.folder, ignore_errors=True)
    (fresh / entry.folder).mkdir(parents=True)
    (fresh / entry.path).write_bytes(text)
    return entry.model_copy(
        update={
            "depends_on": after,
            "resources": 0,
            "sha256": hashlib.sha256(text).hexdigest(),
            "assets": {},
            "retired": True,
        }
    )


def _in_order(leaving: Sequence[StackEntry], before: Manifest, graph: StackGraph) -> list[StackEntry]:
    by_id = {entry.id: entry for entry in leaving}
    edges = {entry.id: [each for each in _after(entry, before, graph, leaving) if each in by_id] for entry in leaving}
    return [by_id[stack_id] for stack_id in TopologicalSorter(edges).static_order()]


def _after(entry: StackEntry, before: Manifest, graph: StackGraph, leaving: Sequence[StackEntry]) -> tuple[str, ...]:
    """What must be applied before the stack is taken down: who had read it, so that it has let go of it by then.

    Besides that what lets Terraform in: the access roles of its account, and what its provider reads.
    """
    if entry.retired:
        still = {each.id for each in leaving if each.retired} | set(graph.nodes)
        return tuple(each for each in entry.depends_on if each in still)
    there = {each.id for each in leaving} | set(graph.nodes)
    readers = {each.id for each in before.stacks if entry.id in each.depends_on}
    producers = [graph.nodes[each] for each in entry.depends_on if each in graph.nodes]
    lets_in = {each.id for each in producers if each.stack in _LETS_IN and not each.dismantled}
    return tuple(sorted((readers & there) | lets_in))


def _needed(data: dict[str, Any], provider: object) -> dict[str, Any]:
    """Of the data sources those that the provider names, and those that these name."""
    waiting, found = _DATA.findall(json.dumps(provider)), dict[str, Any]()
    while waiting:
        kind, name = waiting.pop()
        if name in data.get(kind, {}) and name not in found.get(kind, {}):
            found.setdefault(kind, {})[name] = data[kind][name]
            waiting += _DATA.findall(json.dumps(data[kind][name]))
    return found
