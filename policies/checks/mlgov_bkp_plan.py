"""Backups are made by the clock and kept for a stated time."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given, within
from policies.limits import limits


class BkpPlan(PlatformCheck):
    """Every rule has a schedule and keeps what it makes for the days of limits.yaml or longer.

    A lifecycle that is left out keeps recovery points for ever.
    """

    policy = "CKV_MLGOV_280"
    title = "Backup plan has a schedule and keeps backups long enough"
    control = "BKP-01"
    resources = ("aws_backup_plan",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            *(
                problem
                for rule in conf.blocks("rule") or [Conf({})]
                for problem in (
                    given(rule, "schedule"),
                    within(rule, "lifecycle.delete_after", low=limits().backup_days),
                )
            )
        )


check = BkpPlan()
