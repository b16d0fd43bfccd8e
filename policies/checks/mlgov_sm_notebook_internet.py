"""A notebook instance has no internet access of its own."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class SmNotebookInternet(PlatformCheck):
    """direct_internet_access is Disabled; checkov's CKV_AWS_122 passes where it is left out, and AWS enables it."""

    policy = "CKV_MLGOV_115"
    title = "SageMaker notebook instance has no direct internet access"
    control = "SM-15"
    resources = ("aws_sagemaker_notebook_instance",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "direct_internet_access", "Disabled", absent="Enabled"))


check = SmNotebookInternet()
