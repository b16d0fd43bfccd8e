"""What may be set for the foundations: organisation, access and account baseline.

The value that a regulator expects is the default; what must hold everywhere is not a setting at all
but a literal in the construct.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

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
        "iam.amazonaws.com",
        "inspector2.amazonaws.com",
        "ipam.amazonaws.com",
        "macie.amazonaws.com",
        "ram.amazonaws.com",
        "securityhub.amazonaws.com",
        "servicecatalog.amazonaws.com",
        "sso.amazonaws.com",
    )


class DelegationSettings(Strict):
    """Which services the security tooling account administers for the whole organisation.

    Only services that are delegated through AWS Organizations itself; GuardDuty, Macie and the like have calls
    of their own.
    """

    security_tooling: tuple[ServicePrincipal, ...] = (
        "access-analyzer.amazonaws.com",
        "config-multiaccountsetup.amazonaws.com",
        "config.amazonaws.com",
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
    delegation: DelegationSettings = DelegationSettings()
    state: StateSettings = StateSettings()
    access: AccessSettings = AccessSettings()
    baseline: BaselineSettings = BaselineSettings()

    @model_validator(mode="after")
    def _delegated_services_are_trusted(self) -> Self:
        if missing := sorted(set(self.delegation.security_tooling) - set(self.organization.trusted_services)):
            raise ValueError(
                f"delegation.security_tooling needs trusted access: add {', '.join(missing)} to "
                "organization.trusted_services"
            )
        return self
