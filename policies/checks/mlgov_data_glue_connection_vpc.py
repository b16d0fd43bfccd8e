"""Glue reaches data sources through the VPC."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given

NETWORK = "physical_connection_requirements"


class DataGlueConnectionVpc(PlatformCheck):
    """The connection has a subnet and security groups; without them Glue connects from a network of its own."""

    policy = "CKV_MLGOV_232"
    title = "Glue connection has a subnet and security groups"
    control = "DATA-14"
    resources = ("aws_glue_connection",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(given(conf, f"{NETWORK}.{name}") for name in ("subnet_id", "security_group_id_list")))


check = DataGlueConnectionVpc()
