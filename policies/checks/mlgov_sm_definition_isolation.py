"""A monitor through Cloud Control reaches no network, but for one that explains."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal
from policies.monitor_definition import EXPLAINS, definition_of


class SmDefinitionIsolation(PlatformCheck):
    """The job isolates its containers; one that explains asks a copy of the model, which CKV_MLGOV_451 keeps inside."""

    policy = "CKV_MLGOV_450"
    title = "SageMaker monitoring job through Cloud Control is isolated from the network"
    control = "SM-49"
    resources = ("aws_cloudcontrolapi_resource",)

    def judge(self, conf: Conf) -> Judgement:
        found = definition_of(conf)
        if found is None or found[0] == EXPLAINS:
            return NOT_APPLICABLE
        return holds(equal(found[1], "NetworkConfig.EnableNetworkIsolation", True, absent="false"))


check = SmDefinitionIsolation()
