"""The registry scans every repository, again and again."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class CicdRegistryScan(PlatformCheck):
    """Scanning is enhanced, and a rule for `*` scans continuously: what was sound when pushed may not stay so."""

    policy = "CKV_MLGOV_259"
    title = "ECR registry scans all images continuously"
    control = "CICD-07"
    resources = ("aws_ecr_registry_scanning_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        every = any(
            rule.literal("scan_frequency") == "CONTINUOUS_SCAN"
            for rule in conf.blocks("rule")
            if any(filter_.literal("filter") == "*" for filter_ in rule.blocks("repository_filter"))
        )
        return holds(
            equal(conf, "scan_type", "ENHANCED"),
            None if every else "no rule scans all repositories (filter *) by CONTINUOUS_SCAN",
        )


check = CicdRegistryScan()
