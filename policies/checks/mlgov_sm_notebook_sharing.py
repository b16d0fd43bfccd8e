"""Output of shared notebooks is off, or under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import Problem
from policies.key import customer_key


class SmNotebookSharing(PlatformCheck):
    """Where sharing is allowed, it has a key; left out, AWS shares no output, which is safe."""

    policy = "CKV_MLGOV_104"
    title = "SageMaker Studio shares notebook output under a customer-managed key, or not at all"
    control = "SM-04"
    resources = ("aws_sagemaker_domain", "aws_sagemaker_user_profile")

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            *(_problem(conf, f"{outer}.sharing_settings") for outer in ("default_user_settings", "user_settings"))
        )


def _problem(conf: Conf, path: str) -> Problem:
    for sharing in conf.at(path):
        if sharing.literal("notebook_output_option") == "Allowed":
            return customer_key(conf, f"{path}.s3_kms_key_id")
    return None


check = SmNotebookSharing()
