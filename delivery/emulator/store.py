"""What the emulated operations remember, kept apart by account, region and service."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

Record = dict[str, Any]
EVERYWHERE = "*"


class Store:
    """Tables of records. Not thread-safe by itself: the gateway answers one request at a time."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str, str, str], dict[str, Record]] = {}
        self._beside: WeakKeyDictionary[object, Record] = WeakKeyDictionary()

    def table(self, account: str, region: str, service: str, noun: str) -> dict[str, Record]:
        """The records of one kind, by name; `region` is EVERYWHERE for what a global service keeps."""
        return self._tables.setdefault((account, region, service, noun), {})

    def beside(self, owner: object) -> Record:
        """What is kept with one of moto's own resources; it is gone when that resource is."""
        return self._beside.setdefault(owner, {})

    def clear(self) -> None:
        """Forget everything, as moto's own reset does."""
        self._tables.clear()
        self._beside.clear()
