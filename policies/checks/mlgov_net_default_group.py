"""The default security group has no rules."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class NetDefaultGroup(PlatformCheck):
    """No rule is written, so that Terraform takes away those that AWS makes: absent is the safe value here."""

    policy = "CKV_MLGOV_388"
    title = "Default security group has no rule"
    control = "NET-05"
    resources = ("aws_default_security_group",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(f"it has rules of {way}" for way in ("ingress", "egress") if conf.values(way)))


check = NetDefaultGroup()
