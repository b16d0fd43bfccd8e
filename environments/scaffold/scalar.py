"""Text as YAML, so that every reader reads it as the same text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9@._/-]*(?: [A-Za-z0-9@._/-]+)*")
# Words that some reader takes for a truth value, nothing, or a number.
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "none", "nan", "inf"})


def scalar(text: str) -> str:
    """`text` as it stands, where that is beyond doubt, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def listed(items: Iterable[str]) -> str:
    """A list in one line."""
    return f"[{', '.join(scalar(item) for item in items)}]"
