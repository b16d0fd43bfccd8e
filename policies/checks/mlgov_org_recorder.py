"""AWS Config sees everything that there is in an account."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal, never


class OrgRecorder(PlatformCheck):
    """All supported resource types are recorded, none is left out, and changes are recorded as they happen.

    What a recorder leaves out no rule judges. Which types may be recorded daily is left to the overrides.
    """

    policy = "CKV_MLGOV_339"
    title = "AWS Config recorder records every type of resource continuously"
    control = "ORG-05"
    resources = ("aws_config_configuration_recorder",)

    def judge(self, conf: Conf) -> Judgement:
        excluded = any(
            block.given("resource_types") for block in conf.at("recording_group.exclusion_by_resource_types")
        )
        return holds(
            equal(conf, "recording_group.all_supported", True),
            "recording_group excludes resource types" if excluded else None,
            never(conf, "recording_mode.recording_frequency", "DAILY"),  # absent is CONTINUOUS
        )


check = OrgRecorder()
