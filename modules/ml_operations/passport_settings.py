"""What may be set for the evidence that a release to production needs. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict


class PassportSettings(Strict):
    """SCAFFOLD until its owner builds it."""
