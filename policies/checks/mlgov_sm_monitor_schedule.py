"""A monitor runs again and again."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among


class SmMonitorSchedule(PlatformCheck):
    """The schedule has a cron expression; left out, nothing says when the job runs again."""

    policy = "CKV_MLGOV_172"
    title = "SageMaker monitoring schedule repeats"
    control = "SM-48"
    resources = ("aws_sagemaker_monitoring_schedule",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(among(conf, "monitoring_schedule_config.schedule_config.schedule_expression", ("cron(*",)))


check = SmMonitorSchedule()
