"""A bucket with object lock really locks its objects."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument

MODES = ("COMPLIANCE", "GOVERNANCE")


class S3ObjectLock(StackCheck):
    """Object lock without a default retention protects nothing: the stack must set one for the bucket."""

    policy = "CKV_MLGOV_4"
    title = "S3 bucket with object lock has a default retention"
    control = "DATA-06"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_s3_bucket")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if not subject.true("object_lock_enabled"):
            return NOT_APPLICABLE
        own = [f"${{{subject.address}.{attribute}}}" for attribute in ("id", "bucket")]
        locks = [
            lock for lock in stack.resources("aws_s3_bucket_object_lock_configuration") if lock.value("bucket") in own
        ]
        if not locks:
            return failed("no aws_s3_bucket_object_lock_configuration of this stack refers to the bucket")
        rules = [rule for lock in locks for rule in lock.blocks("rule")]
        retained = [retention for rule in rules for retention in rule.blocks("default_retention")]
        if any(_retains(retention) for retention in retained):
            return PASSED
        return failed(f"{locks[0].address} sets no default_retention of mode {' or '.join(MODES)} of a day or more")


def _retains(retention: Conf) -> bool:
    length = (retention.number("days") or 0) + (retention.number("years") or 0)
    return retention.literal("mode") in MODES and length >= 1


check = S3ObjectLock()
