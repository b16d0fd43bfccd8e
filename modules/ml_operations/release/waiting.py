"""Waiting for what AWS does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from modules.ml_operations.release.errors import ReleaseError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, and how often is looked, in seconds."""

    seconds: float
    between: float = 10.0

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """What `look` finds, as soon as it is not None. Raises ReleaseError, which names `what`, when it stays so."""
        end = time.monotonic() + self.seconds
        while (found := look()) is None:
            if time.monotonic() >= end:
                raise ReleaseError(f"{what} did not come within {self.seconds:g} seconds")
            time.sleep(self.between)
        return found
