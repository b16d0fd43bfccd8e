"""The volume of a notebook instance is under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key


class SmNotebookKey(PlatformCheck):
    """The instance names a key; left out, AWS takes its own, and CKV_AWS_22 passes that key's alias, too."""

    policy = "CKV_MLGOV_118"
    title = "SageMaker notebook instance encrypts its volume under a customer-managed key"
    control = "SM-18"
    resources = ("aws_sagemaker_notebook_instance",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(customer_key(conf, "kms_key_id"))


check = SmNotebookKey()
