"""A monitor reaches no network."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class SmMonitorIsolation(PlatformCheck):
    """The job isolates its containers; left out, they reach what the subnet reaches, with the captured data in hand."""

    policy = "CKV_MLGOV_149"
    title = "SageMaker data-quality job is isolated from the network"
    control = "SM-49"
    resources = ("aws_sagemaker_data_quality_job_definition",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "network_config.enable_network_isolation", True, absent="false"))


check = SmMonitorIsolation()
