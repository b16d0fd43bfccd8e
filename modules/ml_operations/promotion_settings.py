"""What may be set for copies of approved models in the central registry, and their cards. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict


class PromotionSettings(Strict):
    """SCAFFOLD until its owner builds it."""
