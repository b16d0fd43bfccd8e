"""Access Analyzer looks at the whole organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among

ZONES = ("ORGANIZATION", "ORGANIZATION_*")


class IamAnalyzer(PlatformCheck):
    """The zone of trust is the organisation: an account's own analyzer calls every sibling account an outsider."""

    policy = "CKV_MLGOV_313"
    title = "Access analyzer covers the organisation"
    control = "IAM-10"
    resources = ("aws_accessanalyzer_analyzer",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(among(conf, "type", ZONES, absent="ACCOUNT"))


check = IamAnalyzer()
