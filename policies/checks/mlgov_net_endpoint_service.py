"""A service of ours is offered to named accounts, and each connection is accepted by hand."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal, given, never


class NetEndpointService(PlatformCheck):
    """Connections need acceptance, and no principal is everyone."""

    policy = "CKV_MLGOV_387"
    title = "VPC endpoint service admits named principals, each by acceptance"
    control = "NET-04"
    resources = ("aws_vpc_endpoint_service", "aws_vpc_endpoint_service_allowed_principal")

    def judge(self, conf: Conf) -> Judgement:
        if conf.given("vpc_endpoint_service_id"):  # only the companion has it
            return holds(given(conf, "principal_arn"), never(conf, "principal_arn", "[*]"))
        return holds(
            equal(conf, "acceptance_required", True),
            "allowed_principals is everyone" if "*" in conf.values("allowed_principals") else None,
        )


check = NetEndpointService()
