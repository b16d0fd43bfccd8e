"""Markdown for comments of pull requests, as GitHub reads it: code that nothing ends, sections of bounded size."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

LIMIT = 60_000  # bytes; GitHub refuses a comment of more than 65,536 characters
FRAME = 120  # of a section: its markup, its title if that is ours, and the line for what has no room
LONGEST = 240  # characters of one text
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff]+")


def section(title: str, blocks: Sequence[str], room: int, where: str = "results.csv") -> str:
    """A title and what has room of the blocks; empty without blocks."""
    return f"### {title}\n\n{fitting(blocks, room - FRAME, where)}" if blocks else ""


def folded(title: str, lines: Sequence[str], room: int, note: str = "", where: str = "results.csv") -> str:
    """What has room of the lines below a title that opens them; empty without lines. Title and note are HTML."""
    if not lines:
        return ""
    return f"<details><summary>{title}</summary>\n{note}\n{fitting(lines, room - FRAME, where)}\n\n</details>\n"


def fitting(blocks: Sequence[str], room: int, where: str = "results.csv") -> str:
    """As many of the blocks as fit into so many bytes, and a line with how many others are in `where`."""
    for index, block in enumerate(blocks):
        room -= len(block.encode()) + 1
        if room < 0:
            return "\n".join((*blocks[:index], f"- and {len(blocks) - index} more, see `{where}`"))
    return "\n".join(blocks)


def short(text: str, longest: int) -> str:
    """The text in one line of bounded length."""
    line = _BLANK.sub(" ", text).strip()
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def code(text: str, longest: int = LONGEST) -> str:
    """A code span. Its fence is longer than any in the text, so nothing in the text ends it.

    A fence of more than 80 signs is none to GitHub's parser: long ones in the text are cut.
    """
    line = re.sub("`{9,}", "`" * 8 + "…", short(text, longest)) or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def text_in_html(text: str) -> str:
    """Text in an HTML block, where Markdown has no effect; an empty sign keeps `@name` from being a mention."""
    return html.escape(short(text, LONGEST)).replace("@", "@\u200b")
