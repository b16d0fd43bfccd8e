"""The account-wide S3 public access block is complete."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf

SWITCHES = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


class S3AccountBlock(PlatformCheck):
    """All four switches are on."""

    policy = "CKV_MLGOV_5"
    title = "S3 public access is blocked for the whole account"
    control = "DATA-01"
    resources = ("aws_s3_account_public_access_block",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(None if conf.true(switch) else f"{switch} is not true" for switch in SWITCHES))


check = S3AccountBlock()
