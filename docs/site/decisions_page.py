"""The list of the architecture decisions, from their first lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docs.site.table import GENERATED

_TITLE = re.compile(r"# (\d+)\. (.+)")


def text(root: Path) -> str:
    """The page. Raises ValueError for a decision whose first line is not its number and title."""
    return "\n".join(_lines(root / "docs" / "adr"))


def _lines(folder: Path) -> Iterator[str]:
    yield "# Decisions"
    yield ""
    yield GENERATED.format(source="the decisions' titles")
    yield "Each says what was decided, why, and what it costs. A decision is replaced by a later one, never rewritten."
    yield ""
    for file in sorted(folder.glob("[0-9]*.md")):
        title = _TITLE.fullmatch(file.read_text(encoding="utf-8").partition("\n")[0])
        if title is None or int(title[1]) != int(file.name.partition("-")[0]):
            raise ValueError(f"{file}: the first line must be `# NUMBER. TITLE`, with the number of the file's name")
        yield f"- {title[1]}: [{title[2]}]({file.name})"
    yield ""
