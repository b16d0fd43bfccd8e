"""An SVG file: texts pinned to their width, boxes and lines, light and dark, with a title and a description."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from delivery.pictures.metrics import FONT, width

# Each text on each ground it stands on has a contrast of 4.5:1 or more (WCAG 2.2, 1.4.3), light and dark.
LIGHT = {
    "page": "#ffffff",
    "box": "#ffffff",
    "soft": "#f2f4f7",
    "text": "#1a2029",
    "quiet": "#56606e",
    "line": "#8b95a3",
    "grid": "#dfe3e9",
    "foundation": "#1a56a8",
    "production": "#b3261e",
    "non-production": "#146c43",
}
DARK = {
    "page": "#12151a",
    "box": "#1a1e25",
    "soft": "#222832",
    "text": "#e4e8ee",
    "quiet": "#a0abba",
    "line": "#7b8797",
    "grid": "#343c48",
    "foundation": "#8ab8f5",
    "production": "#ff938a",
    "non-production": "#6fce9c",
}
SIZE, SMALL, LARGE = 13, 11, 18
MARGIN = 20


class Figure:
    """A drawing that grows by what is put on it, in pixels from the top left; later things cover earlier ones."""

    def __init__(self, title: str, description: str) -> None:
        self.title, self.description = title, description
        self.width, self.height = 0, 0
        self._parts: list[str] = []

    def text(
        self,
        x: int,
        y: int,
        text: str,
        *,
        tone: str = "text",
        size: int = SIZE,
        bold: bool = False,
        middle: bool = False,
    ) -> int:
        """A line of text with its baseline at y, from x on or around it; returns its width."""
        wide = width(text, size, bold=bold)
        if not text.strip():
            return wide
        start = x - wide // 2 if middle else x
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text class="{tone}" x="{start}" y="{y}" font-size="{size}"{weight} textLength="{wide}" '
            f'lengthAdjust="spacingAndGlyphs">{_escaped(text)}</text>'
        )
        self._reach(start + wide, y + size // 3)
        return wide

    def box(
        self, x: int, y: int, wide: int, high: int, *, style: str = "box", tone: str = "", says: str = "", key: str = ""
    ) -> None:
        """A box; `tone` marks its left edge, `says` is told to who points at it, `key` names it in the file."""
        title = f"<title>{_escaped(says)}</title>" if says else ""
        name = f' data-key="{_escaped(key)}"' if key else ""
        self._parts.append(
            f'<rect class="{style}"{name} x="{x}" y="{y}" width="{wide}" height="{high}" rx="4">{title}</rect>'
        )
        if tone:
            self._parts.append(f'<rect class="{tone}" x="{x}" y="{y}" width="4" height="{high}" rx="2"/>')
        self._reach(x + wide, y + high)

    def line(self, path: str, *, move: tuple[int, int], key: str) -> None:
        """A line with an arrow's head along an SVG path, moved; it must stay within what else is drawn."""
        self._parts.append(
            f'<path class="line" data-edge="{_escaped(key)}" transform="translate({move[0]} {move[1]})" d="{path}" '
            'marker-end="url(#head)"/>'
        )

    def render(self) -> str:
        """The file. It asks for nothing: no script, no style and no font from elsewhere."""
        wide, high = self.width + MARGIN, self.height + MARGIN
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
                f'role="img" aria-labelledby="title description" font-family="{FONT}">',
                f'<title id="title">{_escaped(self.title)}</title>',
                f'<desc id="description">{_escaped(self.description)}</desc>',
                "<style>",
                *_rules(LIGHT),
                "@media (prefers-color-scheme: dark) {",
                *_rules(DARK),
                "}",
                "</style>",
                '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
                'orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
                f'<rect class="page" width="{wide}" height="{high}"/>',
                *self._parts,
                "</svg>",
                "",
            ]
        )

    def _reach(self, x: int, y: int) -> None:
        self.width, self.height = max(self.width, x), max(self.height, y)


def headed(title: str, lines: Sequence[str]) -> Figure:
    """A figure that begins with its title and lines that say how it is read, which are its description, too."""
    figure = Figure(title, " ".join(lines))
    figure.text(MARGIN, MARGIN + LARGE, title, size=LARGE, bold=True)
    for number, line in enumerate(lines, 1):
        figure.text(MARGIN, figure.height + LARGE - (4 if number == 1 else 2), line, tone="quiet", size=SIZE)
    return figure


def _rules(colours: dict[str, str]) -> list[str]:
    fills = [f".{name} {{ fill: {colour}; }}" for name, colour in colours.items() if name not in ("line", "grid")]
    return [
        *fills,
        f".line {{ fill: none; stroke: {colours['line']}; }}",
        f".head {{ fill: {colours['line']}; }}",
        f".box, .soft {{ stroke: {colours['grid']}; }}",
        f".grid {{ fill: {colours['grid']}; }}",
    ]


def _escaped(text: str) -> str:
    """For XML; characters that XML 1.0 has no form for become U+FFFD."""
    allowed = "".join(each if each >= " " or each in "\t\n" else "\N{REPLACEMENT CHARACTER}" for each in text)
    return escape(allowed)
