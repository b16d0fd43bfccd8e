"""A notebook instance runs on a platform that gets security fixes."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among
from policies.limits import limits


class SmNotebookPlatform(PlatformCheck):
    """The platform is on the list of the limits; left out, AWS chooses, and its choice ages with the instance."""

    policy = "CKV_MLGOV_120"
    title = "SageMaker notebook instance runs on a supported platform"
    control = "SM-20"
    resources = ("aws_sagemaker_notebook_instance",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(among(conf, "platform_identifier", limits().notebook_platforms, absent="its own choice"))


check = SmNotebookPlatform()
