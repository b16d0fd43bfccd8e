"""A key policy cannot lock out who set it."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never

SWITCH = "bypass_policy_lockout_safety_check"


class DataKeyLockout(PlatformCheck):
    """The safety check of KMS stays on; left out, it is on. A key that locks everybody out only AWS support opens."""

    policy = "CKV_MLGOV_218"
    title = "KMS key policy is set under the lockout safety check"
    control = "DATA-11"
    resources = ("aws_kms_external_key", "aws_kms_key", "aws_kms_key_policy", "aws_kms_replica_key")

    def judge(self, conf: Conf) -> Judgement:
        return holds(never(conf, SWITCH, True))


check = DataKeyLockout()
