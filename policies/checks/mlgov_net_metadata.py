"""Instances of an account hand out credentials by IMDSv2."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class NetMetadata(PlatformCheck):
    """Version 2 is the account's default; left out, each launch decides for itself."""

    policy = "CKV_MLGOV_391"
    title = "Account defaults to version 2 of the instance metadata service"
    control = "NET-08"
    resources = ("aws_ec2_instance_metadata_defaults",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "http_tokens", "required", absent="no preference"))


check = NetMetadata()
