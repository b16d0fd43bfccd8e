"""The log archive is locked."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal


class OrgLogArchive(StackCheck):
    """The bucket that bears the archive's name, `<organisation>-org-logs`, or its copy's (`-copy`), has object lock.

    A lock cannot come later. That the lock has a default retention is judged by DATA-06.
    """

    policy = "CKV_MLGOV_348"
    title = "Bucket of the log archive has object lock"
    control = "ORG-08"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_s3_bucket")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        organization = stack.tag("Organization")
        if subject.value("bucket") not in (f"{organization}-org-logs", f"{organization}-org-logs-copy"):
            return NOT_APPLICABLE
        return holds(equal(subject, "object_lock_enabled", True))


check = OrgLogArchive()
