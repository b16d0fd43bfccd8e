"""A notebook instance starts no script but those of the platform."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.sagemaker import ours


class SmNotebookLifecycle(PlatformCheck):
    """A lifecycle configuration that is named is of this stack, or has a name of the organisation."""

    policy = "CKV_MLGOV_165"
    title = "SageMaker notebook instance runs an approved lifecycle configuration"
    control = "SM-20"
    resources = ("aws_sagemaker_notebook_instance",)

    def judge(self, conf: Conf) -> Judgement:
        name = conf.value("lifecycle_config_name")
        if name is None:
            return NOT_APPLICABLE
        return holds(ours("lifecycle_config_name", name, "aws_sagemaker_notebook_instance_lifecycle_configuration"))


check = SmNotebookLifecycle()
