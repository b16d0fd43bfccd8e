"""Which resources of a stack belong to another: how policies find the companions that a rule asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.document import Conf, StackDocument


def naming(stack: StackDocument, owner: Conf, attribute: str, path: str, *types: str) -> Iterator[Conf]:
    """Resources of the types whose attribute at `path` refers to `owner`, or is the very value of its `attribute`.

    A stack writes the reference; its plan, which knows the value of a name already, writes that.
    """
    outer, _, name = path.rpartition(".")
    for resource in stack.resources(*types):
        if any(names(block.value(name), owner, attribute) for block in resource.at(outer)):
            yield resource


def names(value: object, owner: Conf, attribute: str) -> bool:
    """Whether a value is a reference to `owner`, or the value of that attribute of it."""
    if value is None:
        return False
    reference = re.compile(rf"\$\{{{re.escape(owner.address)}[.\[]")
    return value == owner.value(attribute) or (isinstance(value, str) and reference.search(value) is not None)
