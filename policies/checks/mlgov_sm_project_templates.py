"""Projects are made from products of the platform."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class SmProjectTemplates(PlatformCheck):
    """AWS's own project templates are off: what they make is judged by no gate of ours."""

    policy = "CKV_MLGOV_155"
    title = "SageMaker offers no project templates of AWS"
    control = "SM-55"
    resources = ("aws_sagemaker_servicecatalog_portfolio_status",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "status", "Disabled"))


check = SmProjectTemplates()
