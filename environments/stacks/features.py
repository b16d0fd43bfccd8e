"""TEMPORARY."""

from __future__ import annotations

from environments.stacks.scaffold import Scaffold


class FeaturesStack(Scaffold):
    """TEMPORARY."""
