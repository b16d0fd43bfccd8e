"""The formats of `mlgov graph`, the same for every picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from delivery.pictures.flow import Flow, dot, mermaid
from delivery.pictures.organisation import Picture
from delivery.pictures.overview import Overview
from delivery.pictures.stacks import Stacks
from environments.graph import StackGraph


class Drawable(Protocol):
    """What every picture can be written as."""

    def text(self) -> str: ...
    def json(self) -> str: ...
    def svg(self) -> str: ...
    def flow(self) -> Flow: ...


FORMATS: Mapping[str, Callable[[Drawable], str]] = {
    "text": lambda picture: picture.text(),
    "mermaid": lambda picture: mermaid(picture.flow()),
    "dot": lambda picture: dot(picture.flow()),
    "json": lambda picture: picture.json(),
    "svg": lambda picture: picture.svg(),
}


def drawable(graph: StackGraph, *, of: str, level: str, select: str | None = None) -> Drawable:
    """The picture `of` the organisation or its stacks, these by account or each.

    `select` narrows stacks (environments/selection.py); raises ConfigError when it matches none.
    """
    if of == "organization":
        return Picture(graph.organization)
    chosen = graph.select(select)
    return Stacks(graph, chosen) if level == "stack" else Overview(graph, [node.id for node in chosen])
