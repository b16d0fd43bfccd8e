"""What may be set for how models in use are watched. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict


class MonitoringSettings(Strict):
    """SCAFFOLD until its owner builds it."""
