"""Boxes and arrows, whatever they stand for, as Mermaid and as Graphviz."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from modules.core.errors import ConfigError

# What Mermaid draws where its settings maxEdges and maxTextSize are not raised, as on GitHub.
MAX_ARROWS, MAX_CHARACTERS = 500, 50_000
# Mermaid reads labels as text with entities of its own, without their ampersand.
_ENTITIES = {"#": "#35;", "&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\\": "#92;"}


@dataclass(frozen=True, slots=True)
class Box:
    """`lines` are its name and what is said below it; `key` tells it from the others."""

    key: str
    lines: tuple[str, ...]
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From what is needed to what needs it, or from what holds to what is held; `label` stands on it."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A picture; every arrow is between two of its boxes. `title` says what it shows."""

    title: str
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]


def mermaid(flow: Flow) -> str:
    """A flow chart for Markdown. Raises ConfigError when it is larger than Mermaid draws."""
    word = {box.key: f"n{number}" for number, box in enumerate(flow.boxes, 1)}  # never a word of Mermaid's, such as end
    lines = [f"%% {' '.join(flow.title.split())}", "flowchart LR"]
    for box in flow.boxes:
        lines.append(f'  {word[box.key]}["{"<br/>".join(map(_entities, box.lines))}"]')
    for arrow in flow.arrows:
        label = f'|"{_entities(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {word[arrow.source]} -->{label} {word[arrow.target]}")
    written = "\n".join(lines) + "\n"
    if len(flow.arrows) > MAX_ARROWS or len(written) > MAX_CHARACTERS:
        raise ConfigError(
            f"--format mermaid: {len(flow.arrows)} arrows in {len(written)} characters are more than Mermaid draws "
            f"({MAX_ARROWS} and {MAX_CHARACTERS}): say --level account, or --stack GLOB, or --format svg"
        )
    return written


def dot(flow: Flow) -> str:
    """A Graphviz digraph."""
    lines = ["digraph mlgov {", f"  label={_quoted(flow.title)};", "  rankdir=LR;", "  node [shape=box];"]
    for box in flow.boxes:
        lines.append(f"  {_quoted(box.key)} [label={_quoted(*box.lines)}];")
    for arrow in flow.arrows:
        label = f" [label={_quoted(arrow.label)}]" if arrow.label else ""
        lines.append(f"  {_quoted(arrow.source)} -> {_quoted(arrow.target)}{label};")
    return "\n".join([*lines, "}"]) + "\n"


def as_json(document: object) -> str:
    """A document of lists and mappings as JSON, indented, in the order given."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _entities(text: str) -> str:
    return "".join(_ENTITIES.get(character, character) for character in " ".join(text.split()))


def _quoted(*lines: str) -> str:
    """A double-quoted string of the DOT language, a backslash before what would end it; lines are centred."""
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
