"""Traces of what failed in an account, apart from all others."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.xray_group import XrayGroup, XrayGroupInsightsConfiguration
from constructs import Construct

from modules.core.naming import Naming

FAULTS = "faults"


class TraceFaults(Construct):
    """The group `<organisation>-<environment>-faults` of X-Ray, in one region.

    Guarantees:
    - requests that failed or were throttled are found at once, with metrics of their own (namespace `AWS/X-Ray`);
    - X-Ray groups what fails together to insights and tells EventBridge of them.

    Traces stay under the key of AWS: X-Ray uses one of ours as who sends or reads a trace, who would all need it.

    Controls: PLAT-03 (NIST 800-53 SI-4).
    https://docs.aws.amazon.com/xray/latest/devguide/xray-console-insights.html
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming) -> None:
        super().__init__(scope, id_)
        XrayGroup(
            self,
            "group",
            group_name=naming.name(FAULTS, limit=32),
            filter_expression="fault = true OR throttle = true",
            insights_configuration=XrayGroupInsightsConfiguration(insights_enabled=True, notifications_enabled=True),
        )
