"""Every item of a listing of AWS, whatever number of pages it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def listed(client: Any, operation: str, key: str, **request: Any) -> Iterator[dict[str, Any]]:
    """The items under `key` of each page of `operation`, such as `list_apps`."""
    for page in client.get_paginator(operation).paginate(**request):
        yield from page[key]
