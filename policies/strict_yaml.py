"""YAML that a person maintains: every node keeps its line, and a duplicate key is an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML has it


@dataclass(frozen=True, slots=True)
class Item:
    """One element of a top-level list, with the line (from 1) where it starts."""

    line: int
    value: Any


class YamlError(ValueError):
    """The text is not what was asked for. `line` counts from 1; 0 stands for the whole file."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def items(text: str) -> list[Item]:
    """The elements of the one list that `text` holds. Raises YamlError for anything else."""
    loader = _LOADER(text)
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.SequenceNode):
            raise YamlError(0, "must hold one list; write [] for none")
        for mapping in _mappings(root):
            _refuse_duplicates(mapping)
        return [Item(node.start_mark.line + 1, loader.construct_object(node, deep=True)) for node in root.value]
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise YamlError(mark.line + 1 if mark else 0, f"is not YAML: {getattr(error, 'problem', error)}") from error
    finally:
        loader.dispose()


def _mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _mappings(child)
    elif isinstance(node, yaml.MappingNode):
        yield node
        for _, child in node.value:
            yield from _mappings(child)


def _refuse_duplicates(mapping: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in mapping.value:
        if key.value in seen:
            raise YamlError(key.start_mark.line + 1, f"key {key.value} stands twice")
        seen.add(key.value)
