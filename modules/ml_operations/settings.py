"""What may be set for releasing models, and for running them in test and production. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict
from modules.ml_operations.check_settings import CheckSettings
from modules.ml_operations.monitoring_settings import MonitoringSettings
from modules.ml_operations.passport_settings import PassportSettings
from modules.ml_operations.promotion_settings import PromotionSettings
from modules.ml_operations.release_settings import ReleaseSettings


class MlOperationsSettings(Strict):
    """Settings of the account that releases models, and of teams' accounts for test and production."""

    checks: CheckSettings = CheckSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    passport: PassportSettings = PassportSettings()
    promotion: PromotionSettings = PromotionSettings()
    release: ReleaseSettings = ReleaseSettings()
