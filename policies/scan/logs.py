"""What checkov logs is evidence: a lost block or a broken policy is told nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from policies.record import GateFault


class _Collector(logging.Handler):
    def __init__(self, faults: list[GateFault], kind: str) -> None:
        super().__init__(logging.WARNING)
        self._faults, self._kind = faults, kind

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        message = record.getMessage() + (f": {type(error).__name__}: {error}" if error else "")
        self._faults.append(GateFault(kind=self._kind, message=f"checkov says: {message}"))


@contextmanager
def collected(kind: str) -> Iterator[list[GateFault]]:
    """Every log record of WARNING and above within the block, as faults of that kind; nothing reaches stderr."""
    faults: list[GateFault] = []
    root = logging.getLogger()
    before, root.handlers = root.handlers, [_Collector(faults, kind)]
    try:
        yield faults
    finally:
        root.handlers = before
