"""GuardDuty's protection plans as the settings choose them. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from modules.foundations.security.settings import GuardDutySettings


@dataclass(frozen=True, slots=True)
class Plan:
    """One protection plan by AWS's name, whether it is on, and which agents it brings by itself."""

    key: str
    name: str
    on: bool
    agents: Mapping[str, bool] = field(default_factory=dict)


def plans(settings: GuardDutySettings) -> tuple[Plan, ...]:
    """Every plan, on or off: what is off is said too, because AWS turns new plans on by itself."""
    return (
        Plan("s3", "S3_DATA_EVENTS", settings.s3),
        Plan("malware", "EBS_MALWARE_PROTECTION", settings.malware),
        Plan("databases", "RDS_LOGIN_EVENTS", settings.databases),
        Plan("functions", "LAMBDA_NETWORK_LOGS", settings.functions),
        Plan("kubernetes", "EKS_AUDIT_LOGS", settings.kubernetes),
        Plan(
            "runtime",
            "RUNTIME_MONITORING",
            settings.runtime,
            {
                "EKS_ADDON_MANAGEMENT": settings.runtime and settings.kubernetes,
                "ECS_FARGATE_AGENT_MANAGEMENT": settings.runtime,
                "EC2_AGENT_MANAGEMENT": settings.runtime,
            },
        ),
    )
