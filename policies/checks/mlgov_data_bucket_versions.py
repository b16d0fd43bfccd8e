"""A lifecycle leaves time to bring back what was overwritten or deleted."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import within
from policies.limits import limits

EXPIRY = "noncurrent_version_expiration"


class DataBucketVersions(PlatformCheck):
    """Every rule that expires noncurrent versions keeps them for the days of limits.yaml; S3 alone keeps them all."""

    policy = "CKV_MLGOV_215"
    title = "S3 lifecycle keeps noncurrent versions long enough to bring them back"
    control = "DATA-05"
    resources = ("aws_s3_bucket_lifecycle_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        expiring = [rule for rule in conf.blocks("rule") if rule.blocks(EXPIRY)]
        if not expiring:
            return NOT_APPLICABLE
        return holds(*(within(rule, f"{EXPIRY}.noncurrent_days", low=limits().noncurrent_days) for rule in expiring))


check = DataBucketVersions()
