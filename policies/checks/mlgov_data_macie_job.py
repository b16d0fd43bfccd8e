"""Buckets are searched for sensitive data again and again."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal, never


class DataMacieJob(PlatformCheck):
    """A classification job runs on a schedule, neither paused nor cancelled: one run knows nothing of what follows."""

    policy = "CKV_MLGOV_241"
    title = "Macie classification job is scheduled and running"
    control = "DATA-17"
    resources = ("aws_macie2_classification_job",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            equal(conf, "job_type", "SCHEDULED"),
            never(conf, "job_status", "USER_PAUSED", "CANCELLED"),
        )


check = DataMacieJob()
