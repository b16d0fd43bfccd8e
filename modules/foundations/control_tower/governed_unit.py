"""A unit as AWS Control Tower sees it. No cdktf here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GovernedUnit:
    """A unit: its key, the one above it (None: the root), whether it is registered, its controls by readable name."""

    key: str
    parent: str | None
    registered: bool
    controls: Sequence[str]
