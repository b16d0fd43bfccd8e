"""Lake Formation reads registered locations under a role of ours."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given, never


class DataLakeLocation(PlatformCheck):
    """The location has a role of its own: policy and trust of the service-linked role are not ours to bound."""

    policy = "CKV_MLGOV_224"
    title = "Lake Formation location is registered with a role of ours"
    control = "DATA-12"
    resources = ("aws_lakeformation_resource",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(given(conf, "role_arn"), never(conf, "use_service_linked_role", True))


check = DataLakeLocation()
