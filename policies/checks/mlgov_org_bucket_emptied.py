"""No bucket is emptied by Terraform."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never


class OrgBucketEmptied(PlatformCheck):
    """force_destroy is not true: a bucket that holds something stays, whatever a plan says. Absent is false."""

    policy = "CKV_MLGOV_347"
    title = "S3 bucket is never emptied to be destroyed"
    control = "ORG-08"
    resources = ("aws_s3_bucket",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(never(conf, "force_destroy", True))


check = OrgBucketEmptied()
