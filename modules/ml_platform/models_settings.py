"""What may be set for the central model registry, model cards, the inventory and the private hub. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict


class ModelsSettings(Strict):
    """The central model registry and what describes its models."""
