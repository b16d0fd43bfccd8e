"""CodeBuild signs in to code hosts by a connection or a secret."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among

REFERENCES = ("CODECONNECTIONS", "SECRETS_MANAGER")


class CicdSourceCredential(PlatformCheck):
    """The credential is a reference: a token or password of its own would stand in configuration and state."""

    policy = "CKV_MLGOV_253"
    title = "CodeBuild source credential refers to a connection or a secret"
    control = "CICD-03"
    resources = ("aws_codebuild_source_credential",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(among(conf, "auth_type", REFERENCES))


check = CicdSourceCredential()
