"""AWS Backup may back up what ML data lies in."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal

STORES = ("DynamoDB", "EFS", "S3")


class BkpRegion(PlatformCheck):
    """The account opts in for each kind of store in the region: what is left out, a selection by tag passes over."""

    policy = "CKV_MLGOV_283"
    title = "AWS Backup is opted in for S3, DynamoDB and EFS"
    control = "BKP-01"
    resources = ("aws_backup_region_settings",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(equal(conf, f"resource_type_opt_in_preference.{store}", True) for store in STORES))


check = BkpRegion()
