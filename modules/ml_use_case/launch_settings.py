"""What may be set for products that are launched in teams' accounts. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict


class LaunchSettings(Strict):
    """`projects`: whether SageMaker makes projects from the organisation's templates."""

    projects: bool = True
