"""Names of delivered columns and files, as Spark takes them. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Sequence


class UnreadableDeliveryError(Exception):
    """A delivery cannot be told apart into columns: two of them have one name, or one has none."""


def plain_name(name: str) -> str:
    """The name of a delivered column as SQL takes it: `Customer ID` becomes `customer_id`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def plain_names(names: Sequence[str], where: str) -> list[str]:
    """All names of a delivery. Raises UnreadableDeliveryError when two are the same, or one is empty."""
    plain = [plain_name(name) for name in names]
    for name, original in zip(plain, names, strict=True):
        if not name:
            raise UnreadableDeliveryError(f"{where}: the column {original!r} has no letter or digit in its name")
        if plain.count(name) > 1:
            raise UnreadableDeliveryError(f"{where}: two columns are called {name}")
    return plain


def literal(file: str) -> str:
    """The URI of one file, which Spark would read as a pattern when its name holds brackets or stars."""
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", file)
