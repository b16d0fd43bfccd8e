"""Lambda functions of the platform are traced, encrypted under our key, and lose no event silently."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class PlatFunction(PlatformCheck):
    """Tracing is active, the environment's key is customer-managed, failed events go to a queue or topic."""

    policy = "CKV_MLGOV_12"
    title = "Lambda function is traced, encrypted under a customer-managed key and has a dead-letter target"
    control = "PLAT-03"
    resources = ("aws_lambda_function",)

    def judge(self, conf: Conf) -> Judgement:
        traced = any(tracing.literal("mode") == "Active" for tracing in conf.blocks("tracing_config"))
        dead_letters = any(target.given("target_arn") for target in conf.blocks("dead_letter_config"))
        return holds(
            None if traced else "tracing_config.mode is not Active",
            None if conf.given("kms_key_arn") else "kms_key_arn is not set",
            None if dead_letters else "dead_letter_config has no target_arn",
        )


check = PlatFunction()
