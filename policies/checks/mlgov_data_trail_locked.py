"""What the trail writes cannot be altered."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal
from policies.iam import statements
from policies.relation import naming

TRAIL = "cloudtrail.amazonaws.com"


class DataTrailLocked(StackCheck):
    """A bucket whose policy lets CloudTrail in has object lock; by default it is off.

    For how long objects are locked is for CKV_MLGOV_4 to judge.
    """

    policy = "CKV_MLGOV_244"
    title = "S3 bucket that CloudTrail writes to has object lock"
    control = "DATA-06"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_s3_bucket")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        policies = naming(stack, subject, "bucket", "bucket", "aws_s3_bucket_policy")
        allowed = [one for policy in policies for one in statements(policy, "policy") if one.allows]
        if not any(TRAIL in one.principals("Service") for one in allowed):
            return NOT_APPLICABLE
        return holds(equal(subject, "object_lock_enabled", True, absent="false"))


check = DataTrailLocked()
