"""How wide a text is, in pixels, without asking a font: so that every machine draws the same bytes.

The widths are those of Helvetica, which Arial and Liberation Sans share; a picture pins each text to the width that
was reckoned here (`textLength`), so that another font cannot leave its box.
"""

from __future__ import annotations

import unicodedata

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
# Of Adobe's font metrics, in thousandths of the size: characters that are as wide as each other.
_WIDTHS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckvsxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTH = {character: width for width, characters in _WIDTHS.items() for character in characters}
_OTHER, _WIDE = 600, 1000
# No letter of Helvetica Bold is wider than its regular form by more, but for those that are narrow anyway.
_BOLD = 1.1


def width(text: str, size: int, *, bold: bool = False) -> int:
    """The width of `text` at a font size, both in pixels, rounded up."""
    thousandths = sum(_WIDTH.get(character) or _unknown(character) for character in text)
    return -int(-thousandths * size * (_BOLD if bold else 1) // 1000)


def _unknown(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return _WIDE if unicodedata.east_asian_width(character) in "FW" else _OTHER
