"""Repositories that ECR makes by itself have fixed tags, too."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class CicdTemplateImmutable(PlatformCheck):
    """A creation template makes tags immutable; left out, they are mutable. Of repositories CKV_AWS_51 asks it."""

    policy = "CKV_MLGOV_261"
    title = "ECR creation template makes tags immutable"
    control = "CICD-08"
    resources = ("aws_ecr_repository_creation_template",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "image_tag_mutability", "IMMUTABLE", absent="MUTABLE"))


check = CicdTemplateImmutable()
