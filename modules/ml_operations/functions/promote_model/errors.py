"""Why a version is not promoted."""

from __future__ import annotations


class RefusedError(Exception):
    """The version may not be promoted as it is, however often it is tried: people must change something.

    `rule` names what it broke, in one word for metrics and queues.
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class BusyError(Exception):
    """Another run is at the same version: this message is tried again later."""
