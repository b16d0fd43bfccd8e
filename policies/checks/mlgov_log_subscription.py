"""What sends all log groups of an account says which it leaves out."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, failed, holds
from policies.document import Conf

SUBSCRIPTION = "SUBSCRIPTION_FILTER_POLICY"
# Below it Firehose logs how it delivers: https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
OF_DELIVERY = '"/aws/kinesisfirehose/'


class LogSubscription(PlatformCheck):
    """The log of the delivery is left out: what a delivery logs would be delivered, and logged, without end."""

    policy = "CKV_MLGOV_461"
    title = "Account-level log subscription leaves out the log of its own delivery"
    control = "LOG-05"
    resources = ("aws_cloudwatch_log_account_policy",)

    def judge(self, conf: Conf) -> Judgement:
        if conf.literal("policy_type") != SUBSCRIPTION:
            return NOT_APPLICABLE
        if OF_DELIVERY not in str(conf.value("selection_criteria")):
            return failed(f"selection_criteria leaves out no log group below {OF_DELIVERY.strip(chr(34))}")
        return holds()


check = LogSubscription()
