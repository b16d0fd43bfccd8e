"""Images are under a key of ours."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among, given

ENCRYPTION = "encryption_configuration"


class CicdRepositoryKey(PlatformCheck):
    """Repositories, and those that a template makes, name a KMS key: left out, ECR takes AES256 or a key of AWS's."""

    policy = "CKV_MLGOV_260"
    title = "ECR repository names a KMS key"
    control = "CICD-08"
    resources = ("aws_ecr_repository", "aws_ecr_repository_creation_template")

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            among(conf, f"{ENCRYPTION}.encryption_type", ("KMS", "KMS_DSSE"), absent="AES256"),
            given(conf, f"{ENCRYPTION}.kms_key"),
        )


check = CicdRepositoryKey()
