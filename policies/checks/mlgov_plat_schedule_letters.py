"""A schedule keeps what it could not start."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class PlatScheduleLetters(PlatformCheck):
    """Without a queue EventBridge Scheduler drops what its target did not take, and nobody knows that a run is missing.

    A flow of work that starts late may still be right, so that how long it is tried is left to the schedule.
    """

    policy = "CKV_MLGOV_475"
    title = "Schedule keeps what it could not start in a queue"
    control = "PLAT-03"
    resources = ("aws_scheduler_schedule",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(given(conf, "target.dead_letter_config.arn"))


check = PlatScheduleLetters()
