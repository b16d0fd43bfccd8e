"""Grants of Lake Formation say what they allow."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf

EVERYTHING = {"ALL", "SUPER", "SUPER_USER"}


class DataLakeAll(PlatformCheck):
    """No grant is of ALL, which takes in whatever AWS adds to it, dropping tables included."""

    policy = "CKV_MLGOV_222"
    title = "Lake Formation grant lists its permissions, and is not ALL"
    control = "DATA-12"
    resources = ("aws_lakeformation_permissions",)

    def judge(self, conf: Conf) -> Judgement:
        permissions = conf.literals("permissions")
        if not permissions:
            return failed("permissions is not set")
        return holds(*(f"permissions holds {name}" for name in permissions if name in EVERYTHING))


check = DataLakeAll()
