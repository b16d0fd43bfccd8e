"""A copy of the log archive is as safe as the archive."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal


class OrgLogCopy(StackCheck):
    """What replicates in the archive's stack goes to `<organisation>-org-logs-copy`, and takes no deletion along.

    That name is under the guardrails of the archive and has its lock (CKV_MLGOV_348).
    """

    policy = "CKV_MLGOV_462"
    title = "Log archive is replicated to its own copy, deletions left out"
    control = "ORG-08"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        archive = f"{stack.tag('Organization')}-org-logs"
        if any(bucket.value("bucket") == archive for bucket in stack.resources("aws_s3_bucket")):
            yield from stack.resources("aws_s3_bucket_replication_configuration")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        copy = f"{stack.tag('Organization')}-org-logs-copy"
        targets = [
            str(target.value("bucket")) for rule in subject.blocks("rule") for target in rule.blocks("destination")
        ]
        return holds(
            None if targets else "rule has no destination",
            *(
                f"rule.destination.bucket is {target}, not {copy}"
                for target in targets
                if not target.endswith(f":::{copy}")
            ),
            *(equal(rule, "delete_marker_replication.status", "Disabled") for rule in subject.blocks("rule")),
        )


check = OrgLogCopy()
