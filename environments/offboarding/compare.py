"""What one synthesis does to what another has made, stack by stack and address by address."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from environments.manifest import Manifest, StackEntry
from environments.offboarding.steps import StackChange

Resources = Mapping[str, Any]


def compare(before: Path, after: Path) -> tuple[StackChange, ...]:
    """The stacks of two output folders that differ, in the order in which they are applied; what is left comes last."""
    old = {entry.id: entry for entry in Manifest.read(before).stacks}
    new = {entry.id: entry for entry in Manifest.read(after).stacks}
    left = (_left(entry, before) for stack_id, entry in old.items() if stack_id not in new)
    return (*_applied(old, new, before, after), *left)


def _applied(
    old: Mapping[str, StackEntry], new: Mapping[str, StackEntry], before: Path, after: Path
) -> Iterator[StackChange]:
    for stack_id, entry in new.items():
        had = _document(before / old[stack_id].path) if stack_id in old else {}
        if stack_id not in old or old[stack_id].sha256 != entry.sha256:
            yield _change(stack_id, had, _document(after / entry.path))


def _left(entry: StackEntry, before: Path) -> StackChange:
    untouched = tuple(sorted(_resources(_document(before / entry.path))))
    return StackChange(stack=entry.id, change="left", untouched=untouched)


def _change(stack_id: str, had: Mapping[str, Any], has: Mapping[str, Any]) -> StackChange:
    old, new = _resources(had), _resources(has)
    gone = set(old) - set(new)
    forgotten = {block["from"] for block in has.get("removed", ())} & gone
    return StackChange(
        stack=stack_id,
        change="appears" if not had else "emptied" if old and not new else "changes",
        created=tuple(sorted(set(new) - set(old))),
        updated=tuple(sorted(address for address in set(old) & set(new) if old[address] != new[address])),
        destroyed=tuple(sorted(gone - forgotten)),
        forgotten=tuple(sorted(forgotten)),
    )


def _resources(document: Mapping[str, Any]) -> Resources:
    kinds = document.get("resource", {})
    return {f"{kind}.{name}": body for kind, named in kinds.items() for name, body in named.items()}


def _document(path: Path) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
