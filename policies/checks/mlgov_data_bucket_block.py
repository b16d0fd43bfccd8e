"""Every bucket blocks public access itself, by all four switches."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.relation import naming

SWITCHES = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


class DataBucketBlock(StackCheck):
    """The stack holds a block for each bucket; a switch that is left out is off. CKV2_AWS_6 reads two of four."""

    policy = "CKV_MLGOV_210"
    title = "S3 bucket has a complete public access block in its stack"
    control = "DATA-02"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_s3_bucket")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        blocks = list(naming(stack, subject, "bucket", "bucket", "aws_s3_bucket_public_access_block"))
        if not blocks:
            return failed("no aws_s3_bucket_public_access_block of this stack refers to the bucket")
        return holds(
            *(
                None if block.true(switch) else f"{switch} of {block.address} is not true"
                for block in blocks
                for switch in SWITCHES
            )
        )


check = DataBucketBlock()
