"""Messages in queues are under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key


class PlatQueueKey(PlatformCheck):
    """A queue names a key; by alias/aws/sqs no other account, and no service, could be let in to it.

    checkov's CKV2_AWS_73 says so too and fails every key that another stack made, as it takes no expression for one;
    a waiver leaves it out.
    """

    policy = "CKV_MLGOV_425"
    title = "SQS queue is encrypted under a customer-managed key"
    control = "PLAT-06"
    resources = ("aws_sqs_queue",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(customer_key(conf, "kms_master_key_id"))


check = PlatQueueKey()
