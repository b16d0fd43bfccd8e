"""The trail is delivered to a bucket that nobody can edit."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal


class LogTrailArchive(StackCheck):
    """The bucket is the log archive by its name, `<organisation>-org-logs`, or a bucket of the stack with object lock.

    The archive stands in another account's stack; there ORG-08 and DATA-06 judge its lock.
    """

    policy = "CKV_MLGOV_360"
    title = "CloudTrail is delivered to a bucket with object lock"
    control = "LOG-01"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_cloudtrail")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        target = str(subject.value("s3_bucket_name"))
        for bucket in stack.resources("aws_s3_bucket"):
            if target in (bucket.value("bucket"), f"${{{bucket.address}.bucket}}", f"${{{bucket.address}.id}}"):
                return holds(equal(bucket, "object_lock_enabled", True))
        archive = f"{stack.tag('Organization') or '(no tag Organization)'}-org-logs"
        return holds() if target == archive else failed(f"s3_bucket_name is {target}: not {archive}, nor of this stack")


check = LogTrailArchive()
