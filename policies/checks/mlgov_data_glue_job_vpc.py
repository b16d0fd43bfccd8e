"""Glue jobs run in the VPC."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class DataGlueJobVpc(PlatformCheck):
    """The job names a connection; without one it reads and writes through a network of AWS, past our endpoints."""

    policy = "CKV_MLGOV_234"
    title = "Glue job has a connection in the VPC"
    control = "DATA-14"
    resources = ("aws_glue_job",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(given(conf, "connections"))


check = DataGlueJobVpc()
