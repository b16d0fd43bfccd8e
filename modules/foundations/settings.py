"""What may be set for the foundations: organisation, access and account baseline.

The value that a regulator expects is the default; what must hold everywhere is not a setting at all
but a literal in the construct.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modules.core.settings import Strict

PolicyType = Literal[
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
]
ServicePrincipal = Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.amazonaws\.com$", max_length=128)]


class OrganizationSettings(Strict):
    """AWS Organizations: which policy types are on, and which services may see all accounts."""

    policy_types: tuple[PolicyType, ...] = (
        "SERVICE_CONTROL_POLICY",
        "RESOURCE_CONTROL_POLICY",
        "DECLARATIVE_POLICY_EC2",
        "TAG_POLICY",
        "BACKUP_POLICY",
        "AISERVICES_OPT_OUT_POLICY",
    )
    trusted_services: tuple[ServicePrincipal, ...] = (
        "access-analyzer.amazonaws.com",
        "account.amazonaws.com",
        "backup.amazonaws.com",
        "cloudtrail.amazonaws.com",
        "config.amazonaws.com",
        "config-multiaccountsetup.amazonaws.com",
        "detective.amazonaws.com",
        "guardduty.amazonaws.com",
        "inspector2.amazonaws.com",
        "ipam.amazonaws.com",
        "macie.amazonaws.com",
        "ram.amazonaws.com",
        "securityhub.amazonaws.com",
        "servicecatalog.amazonaws.com",
        "sso.amazonaws.com",
    )


class StateSettings(Strict):
    """The Terraform state buckets: how long an overwritten state can be brought back, in days."""

    noncurrent_days: Annotated[int, Field(ge=30, le=3650)] = 365


class AccessSettings(Strict):
    """The plan and apply roles of every account: how long one session lasts, in seconds."""

    plan_session_seconds: Annotated[int, Field(ge=3600, le=43200)] = 3600
    apply_session_seconds: Annotated[int, Field(ge=3600, le=43200)] = 3600


class BaselineSettings(Strict):
    """What each account gets at birth."""

    password_length: Annotated[int, Field(ge=14, le=128)] = 14
    password_max_age_days: Annotated[int, Field(ge=1, le=365)] = 90
    password_reuse_prevention: Annotated[int, Field(ge=24, le=24)] = 24


class FoundationsSettings(Strict):
    """Settings of the module `foundations`."""

    organization: OrganizationSettings = OrganizationSettings()
    state: StateSettings = StateSettings()
    access: AccessSettings = AccessSettings()
    baseline: BaselineSettings = BaselineSettings()
