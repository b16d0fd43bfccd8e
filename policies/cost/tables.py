"""A table of text cells as aligned text, Markdown or CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header. `words` is how many columns in front are words; the others are numbers."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1

    def text(self) -> str:
        """Columns side by side, numbers to the right."""
        cells = (self.header, *self.rows)
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.header))]
        lines = ["  ".join(self._aligned(row, widths)).rstrip() for row in cells]
        return "\n".join((self.title, *(f"  {line}" for line in lines)))

    def markdown(self) -> str:
        """A table of GitHub's Markdown below a heading."""
        rule = ["---" if column < self.words else "---:" for column in range(len(self.header))]
        lines = [self.header, rule, *([_plain(cell) for cell in row] for row in self.rows)]
        return "\n".join((f"### {self.title}", "", *(f"| {' | '.join(line)} |" for line in lines)))

    def csv(self) -> str:
        """Header and rows, for spreadsheets."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows((self.header, *self.rows))
        return out.getvalue()

    def _aligned(self, row: Sequence[str], widths: Sequence[int]) -> list[str]:
        return [
            cell.ljust(width) if column < self.words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]


def _plain(cell: str) -> str:
    """A cell that ends no column and opens no tag."""
    return cell.replace("|", "\\|").replace("<", "&lt;")
