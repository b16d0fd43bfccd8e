"""Which stacks a run is about: globs over stack ids, separated by commas (`--stack`, which may be repeated)."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

SEPARATOR = ","  # no stack id holds one


def matches(stack_id: str, select: str | None) -> bool:
    """Whether one of the globs in `select` matches the id; without `select` every stack is meant."""
    return select is None or any(fnmatchcase(stack_id, glob) for glob in select.split(SEPARATOR))


def unmatched(select: str | None, stack_ids: Iterable[str]) -> list[str]:
    """The globs in `select` that match none of the ids: what was meant by them would be left out silently."""
    ids = list(stack_ids)
    globs = select.split(SEPARATOR) if select is not None else []
    return [glob for glob in globs if not any(fnmatchcase(stack_id, glob) for stack_id in ids)]
