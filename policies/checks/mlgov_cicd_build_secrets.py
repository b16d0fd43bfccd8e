"""Secrets of a build come from Secrets Manager or Parameter Store."""

from __future__ import annotations

import re

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf

SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)_?KEY", re.I)
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
        secret = [variable for variable in variables if SECRET.search(str(variable.literal("name")))]
        if not secret:
            return NOT_APPLICABLE
        return holds(
            *(
                f"environment variable {variable.value('name')} is in clear text: set its type to SECRETS_MANAGER"
                for variable in secret
                if variable.literal("type") not in STORES
            )
        )


check = CicdBuildSecrets()
