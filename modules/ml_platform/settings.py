"""What may be set for what ML teams share: repositories of artefacts, the model registry, the portfolio. No cdktf."""

from __future__ import annotations

from modules.core.settings import Strict
from modules.ml_platform.artifacts_settings import ArtifactsSettings
from modules.ml_platform.models_settings import ModelsSettings
from modules.ml_platform.portfolio_settings import PortfolioSettings


class MlPlatformSettings(Strict):
    """Settings of the accounts with the role ml-shared-services, and of the portfolio."""

    artifacts: ArtifactsSettings = ArtifactsSettings()
    models: ModelsSettings = ModelsSettings()
    portfolio: PortfolioSettings = PortfolioSettings()
