"""Nobody has a shell in the containers of an endpoint."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never


class SmEndpointShell(PlatformCheck):
    """No variant, nor shadow of one, lets Systems Manager in; left out, AWS keeps it off."""

    policy = "CKV_MLGOV_139"
    title = "SageMaker endpoint gives nobody a shell"
    control = "SM-39"
    resources = ("aws_sagemaker_endpoint_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            never(conf, "production_variants.enable_ssm_access", True),
            never(conf, "shadow_production_variants.enable_ssm_access", True),
        )


check = SmEndpointShell()
