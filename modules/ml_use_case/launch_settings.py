"""What may be set for products that are launched in teams' accounts. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict


class LaunchSettings(Strict):
    """What products that teams launch may do in their accounts."""
