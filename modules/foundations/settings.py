"""What may be set for the foundations: organisation, access and account baseline.

The value that a regulator expects is the default; what must hold everywhere is not a setting at all
but a literal in the construct.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import AccountId, Shape, Strict
from modules.foundations.network.endpoint_settings import DnsSettings, EndpointSettings
from modules.foundations.network.settings import NetworkSettings

PolicyType = Literal[
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
]
RolePattern = Annotated[
    str, Shape(r"[A-Za-z0-9+=,.@_/*-]*[A-Za-z0-9]{3}[A-Za-z0-9+=,.@_/*-]*", "a role name, with * for any text", 128)
]
VpcId = Annotated[str, Shape(r"vpc-[0-9a-f]+", "the id of a VPC such as vpc-0a1b2c3d", 21)]
SubnetId = Annotated[str, Shape(r"subnet-[0-9a-f]+", "the id of a subnet such as subnet-0a1b2c3d", 24)]


def _network(text: str) -> str:
    try:
        IPv4Network(text)
    except ValueError as error:
        raise ValueError("must be an IPv4 network in CIDR form, such as 203.0.113.0/24") from error
    return text


def _guardrail_types(types: tuple[str, ...]) -> tuple[str, ...]:
    if missing := sorted({"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"} - set(types)):
        raise ValueError(f"must hold {' and '.join(missing)}, of which the guardrails are made")
    return types


Network = Annotated[str, AfterValidator(_network)]
ModelPattern = Annotated[
    str, Shape(r"[a-z0-9][a-z0-9.:-]*\*?", "a Bedrock model id, which may end in * (such as amazon.*)", 128)
]
ServicePrincipal = Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.amazonaws\.com$", max_length=128)]


class OrganizationSettings(Strict):
    """AWS Organizations: which policy types are on, and which services may see all accounts."""

    policy_types: Annotated[tuple[PolicyType, ...], AfterValidator(_guardrail_types)] = (
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


class GuardrailQuota(Strict):
    """What AWS Organizations allows of one policy type: characters a document, documents a target; some are taken.

    `reserved` counts the documents that others attach: AWS its FullAWSAccess, Control Tower its own.
    """

    characters: Annotated[int, Field(ge=1000, le=10_240)]
    attachments: Annotated[int, Field(ge=2, le=10)]
    reserved: Annotated[int, Field(ge=1, le=9)]


class GuardrailsSettings(Strict):
    """Guardrails: the quota they must fit in, whom they spare, and what they hold requests against.

    `exempt_roles` are spared beside the platform's own, `approver_roles` alone approve models and releases: both
    are patterns of role names with their path. A denial that needs a list which is empty here is left out.
    """

    service_control: GuardrailQuota = GuardrailQuota(characters=10_240, attachments=10, reserved=3)
    resource_control: GuardrailQuota = GuardrailQuota(characters=5_120, attachments=5, reserved=1)
    exempt_roles: tuple[RolePattern, ...] = ()
    approver_roles: Annotated[tuple[RolePattern, ...], Field(min_length=1)] = (
        "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-ml-team-lead_*",
    )
    approved_vpcs: tuple[VpcId, ...] = ()
    approved_subnets: tuple[SubnetId, ...] = ()
    corporate_networks: tuple[Network, ...] = ()
    image_accounts: tuple[AccountId, ...] = ("763104351884",)  # AWS Deep Learning Containers
    bedrock_models: tuple[ModelPattern, ...] = ("amazon.*", "anthropic.*")


class FoundationsSettings(Strict):
    """Settings of the module `foundations`."""

    organization: OrganizationSettings = OrganizationSettings()
    delegation: DelegationSettings = DelegationSettings()
    state: StateSettings = StateSettings()
    access: AccessSettings = AccessSettings()
    baseline: BaselineSettings = BaselineSettings()
    guardrails: GuardrailsSettings = GuardrailsSettings()
    network: NetworkSettings = NetworkSettings()
    endpoints: EndpointSettings = EndpointSettings()
    dns: DnsSettings = DnsSettings()

    @model_validator(mode="after")
    def _delegated_services_are_trusted(self) -> Self:
        if missing := sorted(set(self.delegation.security_tooling) - set(self.organization.trusted_services)):
            raise ValueError(
                f"delegation.security_tooling needs trusted access: add {', '.join(missing)} to "
                "organization.trusted_services"
            )
        return self
