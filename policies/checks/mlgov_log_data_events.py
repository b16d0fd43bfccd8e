"""The trail tells who used data, models and features."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.limits import limits


class LogDataEvents(PlatformCheck):
    """Data events of each type in `limits.data_event_types` are selected, and management events with them.

    AWS records no data event that is not selected, and with advanced selectors no management event either.
    """

    policy = "CKV_MLGOV_361"
    title = "CloudTrail records data events of buckets, endpoints and the feature store"
    control = "LOG-02"
    resources = ("aws_cloudtrail",)

    def judge(self, conf: Conf) -> Judgement:
        selectors = conf.blocks("advanced_event_selector")
        types = {kind for selector in selectors for kind in _equals(selector, "resources.type")}
        categories = {category for selector in selectors for category in _equals(selector, "eventCategory")}
        return holds(
            *(f"no advanced_event_selector for {kind}" for kind in limits().data_event_types if kind not in types),
            None if "Management" in categories else "no advanced_event_selector for management events",
        )


def _equals(selector: Conf, field: str) -> list[str]:
    tests = selector.blocks("field_selector")
    return [str(value) for test in tests if test.literal("field") == field for value in test.values("equals")]


check = LogDataEvents()
