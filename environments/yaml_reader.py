"""YAML text -> a tree of values with their lines.

The language is YAML's safe core: no tags, no merge keys, one document, text keys. Plain scalars are read
by the YAML 1.2 core schema, so `yes`, `12:30` and `2026-01-31` are text; a number with a leading zero,
which readers disagree on, is an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

import yaml

from environments.yaml_tree import Node, Scalar, dotted
from modules.core.errors import ConfigError, Problem

MAX_DEPTH = 20
MAX_NODES = 50_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(?:\.[0-9]*)?")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)?\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.|(?=[eE])))(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: Mapping[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# Control, line separator, byte order and text direction characters: what a reviewer sees must be what is read.
_HIDDEN = re.compile(
    "[^\t\n\r -~\xa0-\u200a\u200c\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff"
    "\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_TEMPLATE = re.compile(r"[$%]\{")


def parse(text: str, file: str) -> Node:
    """The tree of the mapping that `text` holds. Raises ConfigError with every problem met up to the first
    syntax error; `file` is the name that problems are told under."""
    early = list(_unreadable(text, file))
    if early:
        raise ConfigError(early)
    reader = _Reader(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.read(event)
    except yaml.MarkedYAMLError as error:
        reader.problems.append(_syntax(error, file))
    except _Stop:
        pass
    else:
        if reader.root is None or reader.root.value is None:
            reader.problems.append(Problem(file, 1, "", "is empty: a mapping of keys to values is expected"))
        elif not isinstance(reader.root.value, Mapping):
            reader.problems.append(Problem(file, reader.root.line, "", "must hold a mapping of keys to values"))
    if reader.problems or reader.root is None:
        raise ConfigError(reader.problems)
    return reader.root


def _unreadable(text: str, file: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), start=1):
        if re.match(r" *\t", line):
            yield Problem(file, number, "", "is indented with a tab: use spaces")
        if hidden := _HIDDEN.search(line):
            yield Problem(file, number, "", f"holds the hidden character U+{ord(hidden[0]):04X}: remove it")


def _syntax(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    message = f"is not valid YAML: {error.problem or error.context}"
    if error.context and error.context_mark:
        message += f" ({error.context} that starts on line {error.context_mark.line + 1})"
    return Problem(file, mark.line + 1 if mark else 1, "", message)


class _Stop(Exception):
    """Reading on makes no sense: the problem is recorded."""


@dataclass(slots=True)
class _Open:
    """A mapping or a list whose end is not read yet."""

    line: int
    anchor: str | None
    is_mapping: bool
    keys: dict[str, Node] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    key: str | None = None
    key_line: int = 0

    def children(self) -> Sequence[Node]:
        return tuple(self.keys.values()) if self.is_mapping else self.items


class _Reader:
    """Builds the tree from parser events with its own stack, so that depth and size stay bounded."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._documents = 0
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}

    def read(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._stop(line, "starts a second document: one file holds one document")
            case yaml.ScalarEvent() if self._expects_key():
                self._key(event, line)
            case yaml.ScalarEvent():
                self._no_tag(event, line)
                node = Node(self._scalar(event, line), self.file, line, event.value)
                self._close(node, event.anchor)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._start(event, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = self._open.pop()
                children = done.children()
                size = 1 + sum(child.size for child in children)
                height = 1 + max((child.height for child in children), default=0)
                value = done.keys if done.is_mapping else tuple(done.items)
                self._close(Node(value, self.file, done.line, size=size, height=height), done.anchor)
            case yaml.AliasEvent():
                self._alias(event.anchor, line)

    def _start(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent, line: int) -> None:
        if self._expects_key():
            self._stop(line, "has a key that is a list or a mapping: keys are text")
        self._no_tag(event, line)
        if len(self._open) >= MAX_DEPTH:
            self._stop(line, f"is nested more than {MAX_DEPTH} levels deep")
        self._open.append(_Open(line, event.anchor, isinstance(event, yaml.MappingStartEvent)))

    def _expects_key(self) -> bool:
        return bool(self._open) and self._open[-1].is_mapping and self._open[-1].key is None

    def _key(self, event: yaml.ScalarEvent, line: int) -> None:
        parent, key = self._open[-1], event.value
        parent.key, parent.key_line = key, line
        self._no_tag(event, line)
        if key == "<<" and event.implicit[0]:
            self._problem(line, "merge keys are not read: write the keys out, or alias a whole value")
        elif reason := _refusal(key) or ("must not hold ${ or %{" if _TEMPLATE.search(key) else None):
            self._problem(line, f"the key {reason}")
        elif key in parent.keys:
            self._problem(line, f"is a duplicate key: it stands on line {parent.keys[key].line} already")

    def _alias(self, anchor: str | None, line: int) -> None:
        if self._expects_key():
            self._stop(line, f"has the alias *{anchor} as a key: keys are text")
        if any(anchor == parent.anchor for parent in self._open):
            self._stop(line, f"the alias *{anchor} refers to the value that holds it")
        node = self._anchors.get(anchor or "")
        if node is None:
            self._stop(line, f"the alias *{anchor} has no anchor &{anchor} before it")
        self._close(node, None)

    def _close(self, node: Node, anchor: str | None) -> None:
        """Hand a finished value to what holds it."""
        if len(self._open) + node.height > MAX_DEPTH + 1:
            self._stop(node.line, f"is nested more than {MAX_DEPTH} levels deep")
        if node.size > MAX_NODES:
            self._stop(node.line, f"holds more than {MAX_NODES} values with its aliases expanded")
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if not parent.is_mapping:
            parent.items.append(node)
        elif parent.key is not None:
            parent.keys[parent.key] = replace(node, line=parent.key_line)
            parent.key = None

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Scalar:
        if reason := _refusal(event.value):
            self._problem(line, reason)
        if not event.implicit[0]:
            return str(event.value)
        if _LEADING_ZERO.fullmatch(event.value):
            self._problem(
                line,
                f'is a number with a leading zero: quote it if it is text, such as an id ("{event.value}"), '
                "else drop the zero",
            )
        return _resolve(event.value)

    def _no_tag(self, event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent, line: int) -> None:
        if event.tag is not None:
            self._problem(line, f"the tag {event.tag} is not read: remove it, and quote what is text")

    def _problem(self, line: int, message: str) -> None:
        parts = tuple(parent.key if parent.is_mapping else len(parent.items) for parent in self._open)
        self.problems.append(Problem(self.file, line, dotted(tuple(p for p in parts if p is not None)), message))

    def _stop(self, line: int, message: str) -> NoReturn:
        self._problem(line, message)
        raise _Stop


def _refusal(text: str) -> str | None:
    """Why this text may not stand in a value: escapes of YAML can write what the file does not show."""
    if hidden := _HIDDEN.search(text):
        return f"holds the hidden character U+{ord(hidden[0]):04X}: remove it"
    if "TfToken[" in text:
        return "must not hold TfToken[, which CDKTF would resolve"
    return None


def _resolve(text: str) -> Scalar:
    """A plain scalar by the YAML 1.2 core schema, in decimal notation only."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
