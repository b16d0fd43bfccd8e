"""The one error by which a stage of a release ends."""

from __future__ import annotations


class ReleaseError(Exception):
    """The release must not go on. The message says what is wrong, where, and what to do."""
