"""Whatever a build leaves behind is encrypted."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never

PLACES = ("artifacts", "secondary_artifacts", "logs_config.s3_logs")


class CicdBuildEncryption(PlatformCheck):
    """No artefact and no log turns encryption off; left out, it is on. CKV_AWS_78 reads the first artefact alone."""

    policy = "CKV_MLGOV_250"
    title = "CodeBuild project turns encryption off for no artefact and no log"
    control = "CICD-02"
    resources = ("aws_codebuild_project",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(never(conf, f"{place}.encryption_disabled", True) for place in PLACES))


check = CicdBuildEncryption()
