"""What may be set for the pipelines that release models. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict


class ReleaseSettings(Strict):
    """SCAFFOLD until its owner builds it."""
