"""TEMPORARY."""

from __future__ import annotations

from environments.stacks.scaffold import Scaffold


class CatalogStack(Scaffold):
    """TEMPORARY."""
