"""Every bucket encrypts under a key of ours by default."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.expectation import among, given
from policies.relation import naming

DEFAULT = "rule.apply_server_side_encryption_by_default"


class DataBucketKey(StackCheck):
    """The stack sets SSE-KMS and names the key: left out, S3 takes SSE-S3, and for aws:kms a key that AWS manages."""

    policy = "CKV_MLGOV_211"
    title = "S3 bucket encrypts under a named KMS key by default"
    control = "DATA-04"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_s3_bucket")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        kind = "aws_s3_bucket_server_side_encryption_configuration"
        found = list(naming(stack, subject, "bucket", "bucket", kind))
        if not found:
            return failed(f"no {kind} of this stack refers to the bucket")
        return holds(
            *(
                problem
                for default in found
                for problem in (
                    among(default, f"{DEFAULT}.sse_algorithm", ("aws:kms", "aws:kms:dsse")),
                    given(default, f"{DEFAULT}.kms_master_key_id"),
                )
            )
        )


check = DataBucketKey()
