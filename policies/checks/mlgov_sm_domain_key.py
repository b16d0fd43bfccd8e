"""Home volumes of Studio are under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key


class SmDomainKey(PlatformCheck):
    """The domain names a key; left out, AWS takes its own, and CKV_AWS_187 passes that key's alias, too."""

    policy = "CKV_MLGOV_103"
    title = "SageMaker domain encrypts home volumes under a customer-managed key"
    control = "SM-03"
    resources = ("aws_sagemaker_domain",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(customer_key(conf, "kms_key_id"))


check = SmDomainKey()
