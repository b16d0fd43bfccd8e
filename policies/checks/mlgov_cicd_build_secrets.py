"""Secrets of a build come from Secrets Manager or Parameter Store."""

from __future__ import annotations

import re

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf

SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|(API|ACCESS|PRIVATE|SIGNING)_?KEY", re.I)
WHERE_IT_IS = re.compile(r"_(ARN|NAME|PATH|URL)$", re.I)
STORES = ("PARAMETER_STORE", "SECRETS_MANAGER")


class CicdBuildSecrets(PlatformCheck):
    """A variable whose name tells of a secret names where it is kept; left out, its type is PLAINTEXT.

    What only its value gives away, checkov's scan for secrets and CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK are for.
    """

    policy = "CKV_MLGOV_251"
    title = "CodeBuild variable that names a secret reads it from a store"
    control = "CICD-03"
    resources = ("aws_codebuild_project",)

    def judge(self, conf: Conf) -> Judgement:
        variables = conf.at("environment.environment_variable")
        secret = [variable for variable in variables if _tells(str(variable.literal("name")))]
        if not secret:
            return NOT_APPLICABLE
        return holds(
            *(
                f"environment variable {variable.value('name')} is in clear text: set its type to SECRETS_MANAGER"
                for variable in secret
                if variable.literal("type") not in STORES
            )
        )


def _tells(name: str) -> bool:
    """Whether the name is that of a secret, and not of the place where one is kept."""
    return SECRET.search(name) is not None and WHERE_IT_IS.search(name) is None


check = CicdBuildSecrets()
