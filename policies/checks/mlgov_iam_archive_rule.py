"""A finding of Access Analyzer is archived for named resources only."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf

TESTS = ("eq", "contains")


class IamArchiveRule(PlatformCheck):
    """One filter of the rule names resources. A rule without it would hide what is opened tomorrow."""

    policy = "CKV_MLGOV_314"
    title = "Archive rule of the access analyzer names its resources"
    control = "IAM-10"
    resources = ("aws_accessanalyzer_archive_rule",)

    def judge(self, conf: Conf) -> Judgement:
        named = any(
            test.literal("criteria") == "resource" and any(_names(test, operator) for operator in TESTS)
            for test in conf.blocks("filter")
        )
        return holds(None if named else "no filter on resource by eq or contains names what it archives")


def _names(test: Conf, operator: str) -> bool:
    values = test.values(operator)
    return bool(values) and all(str(value).strip("*") for value in values)


check = IamArchiveRule()
