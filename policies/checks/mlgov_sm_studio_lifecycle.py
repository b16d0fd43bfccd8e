"""Studio starts no script but those of the platform."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.sagemaker import STUDIO, ours, settings, specs

NAME = "lifecycle_config_arn"


class SmStudioLifecycle(PlatformCheck):
    """Every lifecycle configuration that is named is of this stack, or has a name of the organisation."""

    policy = "CKV_MLGOV_108"
    title = "SageMaker Studio runs approved lifecycle configurations"
    control = "SM-08"
    resources = STUDIO

    def judge(self, conf: Conf) -> Judgement:
        named = [(path, arn) for path, block in settings(conf) for arn in block.values("lifecycle_config_arns")]
        named += [(path, spec.value(NAME)) for path, spec in specs(conf) if spec.given(NAME)]
        types = ("aws_sagemaker_studio_lifecycle_config",)
        return holds(*(ours(f"{path}.{NAME}", arn, *types) for path, arn in named))


check = SmStudioLifecycle()
