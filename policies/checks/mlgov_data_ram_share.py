"""Nothing is shared by RAM outside the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class DataRamShare(PlatformCheck):
    """The share says that it is for the organisation: by default RAM's API admits any account."""

    policy = "CKV_MLGOV_243"
    title = "RAM share admits no account outside the organisation"
    control = "DATA-18"
    resources = ("aws_ram_resource_share",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "allow_external_principals", False, absent="true (by its API)"))


check = DataRamShare()
