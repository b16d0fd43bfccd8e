"""The manifest of the landing zone, as each version wants it. No cdktf here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from modules.foundations.control_tower.settings import LandingZoneSettings


@dataclass(frozen=True, slots=True)
class Integration:
    """The accounts that Control Tower deploys into, the unit they stand in, and the key of its logs."""

    log_archive_id: str
    security_tooling_id: str
    unit_name: str
    key_arn: str


def manifest(settings: LandingZoneSettings, regions: Sequence[str], integration: Integration | None) -> str:
    """The manifest as JSON text (AWS Control Tower User Guide, "Landing zone schemas").

    Identity Center stays ours in every case: Control Tower would make groups and permission sets of its own.
    """
    ours = {"accessManagement": {"enabled": False}, "governedRegions": sorted(regions)}
    parts = _version_3(settings, integration) if settings.version == "3.3" else _version_4(settings, integration)
    return json.dumps({**ours, **parts}, separators=(",", ":"), sort_keys=True)


def _version_3(settings: LandingZoneSettings, integration: Integration | None) -> dict[str, object]:
    if integration is None:
        raise ValueError("landing zone 3.3 needs the log archive and the security tooling account")
    return {
        "organizationStructure": {"security": {"name": integration.unit_name}},
        "centralizedLogging": {
            "accountId": integration.log_archive_id,
            "enabled": settings.central_logging,
            "configurations": _buckets(settings, integration),
        },
        "securityRoles": {"accountId": integration.security_tooling_id},
    }


def _version_4(settings: LandingZoneSettings, integration: Integration | None) -> dict[str, object]:
    off = {"enabled": False}
    parts: dict[str, object] = {"backup": off, "centralizedLogging": off, "config": off, "securityRoles": off}
    if integration is None:
        return parts
    buckets = {"enabled": True, "configurations": _buckets(settings, integration)}
    if settings.central_logging:
        parts["centralizedLogging"] = {"accountId": integration.log_archive_id, **buckets}
    if settings.config:
        parts["config"] = {"accountId": integration.security_tooling_id, **buckets}
        parts["securityRoles"] = {"accountId": integration.security_tooling_id, "enabled": True}
    return parts


def _buckets(settings: LandingZoneSettings, integration: Integration) -> dict[str, object]:
    return {
        "loggingBucket": {"retentionDays": settings.log_days},
        "accessLoggingBucket": {"retentionDays": settings.access_log_days},
        "kmsKeyArn": integration.key_arn,
    }
