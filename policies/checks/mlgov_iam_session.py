"""Sessions of people are short."""

from __future__ import annotations

import re

from policies.checks.base import PASSED, Judgement, PlatformCheck, failed
from policies.document import Conf
from policies.limits import limits

DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


class IamSession(PlatformCheck):
    """A session lasts `limits.session_hours` at most. Left out it lasts an hour, which AWS sets."""

    policy = "CKV_MLGOV_307"
    title = "Permission set has short sessions"
    control = "IAM-07"
    resources = ("aws_ssoadmin_permission_set",)

    def judge(self, conf: Conf) -> Judgement:
        duration, hours = conf.literal("session_duration"), limits().session_hours
        if duration is None:
            return PASSED
        found = DURATION.fullmatch(str(duration))
        parts = [int(part or 0) for part in found.groups()] if found else [0]
        seconds = sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
        if 0 < seconds <= hours * 3600:
            return PASSED
        return failed(f"session_duration is {duration}: it must be a duration of PT{hours}H at most")


check = IamSession()
