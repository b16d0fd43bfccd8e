"""JSON Patch (RFC 6902), as far as Terraform writes it: add, remove and replace."""

from __future__ import annotations

import copy
from typing import Any

Operation = dict[str, Any]


def patched(document: dict[str, Any], operations: list[Operation]) -> dict[str, Any]:
    """The document with the operations done, in a copy. Raises ValueError for one that cannot be done."""
    whole = copy.deepcopy(document)
    for operation in operations:
        *parents, last = steps(operation["path"])
        holder: Any = whole
        try:
            for step in parents:
                holder = holder[int(step)] if isinstance(holder, list) else holder[step]
            _do(operation, holder, last)
        except (KeyError, IndexError, TypeError):
            raise ValueError(f"cannot {operation['op']} {operation['path']}") from None
    return whole


def steps(pointer: str) -> list[str]:
    """The keys that a JSON pointer goes through."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _do(operation: Operation, holder: Any, last: str) -> None:
    verb = operation["op"]
    if verb not in ("add", "remove", "replace"):
        raise ValueError(f"the emulator knows no operation {verb}")
    if isinstance(holder, list):
        index = len(holder) if last == "-" else int(last)
        if verb == "add":
            holder.insert(index, operation["value"])
        elif verb == "replace":
            holder[index] = operation["value"]
        else:
            del holder[index]
    elif verb == "remove":
        del holder[last]
    else:
        holder[last] = operation["value"]
