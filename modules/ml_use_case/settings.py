"""What may be set for the environments in which ML teams work. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict
from modules.ml_use_case.build_settings import BuildSettings
from modules.ml_use_case.launch_settings import LaunchSettings
from modules.ml_use_case.studio_settings import StudioSettings


class MlUseCaseSettings(Strict):
    """Settings of teams' accounts: SageMaker Studio, projects, and what is launched by Service Catalog."""

    build: BuildSettings = BuildSettings()
    launch: LaunchSettings = LaunchSettings()
    studio: StudioSettings = StudioSettings()
