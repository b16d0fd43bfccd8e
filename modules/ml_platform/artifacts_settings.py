"""What may be set for images, packages, artefacts and events that ML teams share. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict


class ArtifactsSettings(Strict):
    """Images, packages, artefacts and events of the ML platform."""
