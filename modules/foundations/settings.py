"""What may be set for the foundations: organisation, access and account baseline.

The value that a regulator expects is the default; what must hold everywhere is not a setting at all
but a literal in the construct.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import AccountId, RolePattern, Shape, Strict
from modules.foundations.account.settings import BackupSettings, BudgetSettings, KeysSettings, QuotasSettings
from modules.foundations.config.settings import ConfigSettings
from modules.foundations.control_tower.settings import TRUSTED_SERVICES, ControlTowerSettings, LandingZoneSettings
from modules.foundations.network.endpoint_settings import DnsSettings, EndpointSettings
from modules.foundations.network.settings import NetworkSettings
from modules.foundations.organization_policies.settings import PoliciesSettings
from modules.foundations.security.settings import SecuritySettings

PolicyType = Literal[
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
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
        "agentless.inspector2.amazonaws.com",
        "backup.amazonaws.com",
        "cloudtrail.amazonaws.com",
        "compute-optimizer.amazonaws.com",
        "config.amazonaws.com",
        "config-multiaccountsetup.amazonaws.com",
        "cost-optimization-hub.bcm.amazonaws.com",
        "detective.amazonaws.com",
        "guardduty.amazonaws.com",
        "iam.amazonaws.com",
        "inspector2.amazonaws.com",
        "ipam.amazonaws.com",
        "macie.amazonaws.com",
        "malware-protection.guardduty.amazonaws.com",
        "ram.amazonaws.com",
        "securityhub.amazonaws.com",
        "servicecatalog.amazonaws.com",
        "servicequotas.amazonaws.com",
        "sso.amazonaws.com",
    )


class DelegationSettings(Strict):
    """Which services the account of a platform role administers for the whole organisation.

    GuardDuty, Macie and the like are delegated in each region, so not here.
    Only services that are delegated through AWS Organizations itself; GuardDuty, Macie and the like have calls
    of their own, and follow `security`.
    """

    security_tooling: tuple[ServicePrincipal, ...] = (
        "access-analyzer.amazonaws.com",
        "cloudtrail.amazonaws.com",
        "config-multiaccountsetup.amazonaws.com",
        "config.amazonaws.com",
    )
    shared_services: tuple[ServicePrincipal, ...] = ("backup.amazonaws.com", "servicecatalog.amazonaws.com")
    network: tuple[ServicePrincipal, ...] = ("ipam.amazonaws.com",)

    @property
    def by_role(self) -> dict[Literal["security-tooling", "shared-services", "network"], tuple[ServicePrincipal, ...]]:
        """The services of each platform role."""
        return {
            "security-tooling": self.security_tooling,
            "shared-services": self.shared_services,
            "network": self.network,
        }

    @model_validator(mode="after")
    def _each_service_has_one_administrator(self) -> Self:
        services = [service for services in self.by_role.values() for service in services]
        if repeated := sorted({service for service in services if services.count(service) > 1}):
            raise ValueError(f"must delegate each service once, and repeats {', '.join(repeated)}")
        return self


class StateSettings(Strict):
    """The Terraform state buckets: how long an overwritten state can be brought back, in days."""

    noncurrent_days: Annotated[int, Field(ge=30, le=3650)] = 365


class AccessSettings(Strict):
    """The plan and apply roles of every account: how long one session lasts, in seconds."""

    plan_session_seconds: Annotated[int, Field(ge=3600, le=43200)] = 3600
    apply_session_seconds: Annotated[int, Field(ge=3600, le=43200)] = 3600


InternetGateways = Literal["off", "block-ingress", "block-bidirectional"]


class InternetGatewaySettings(Strict):
    """How VPCs of an account are kept from the internet, by the guardrail level of its unit.

    `block-bidirectional` stops all traffic of internet gateways; `block-ingress` lets NAT gateways answer, and is the
    most that an account with the role `network` gets, as the way out leads through it; `off` leaves it to others.
    Where `policies.declarative` is on, its `internet` counts in place of this, in every account of a unit.
    """

    sandbox: InternetGateways = "block-ingress"
    standard: InternetGateways = "block-ingress"
    strict: InternetGateways = "block-bidirectional"
    quarantine: InternetGateways = "block-bidirectional"


class BaselineSettings(Strict):
    """What each account gets at birth."""

    password_length: Annotated[int, Field(ge=14, le=128)] = 14
    password_max_age_days: Annotated[int, Field(ge=1, le=365)] = 90
    password_reuse_prevention: Annotated[int, Field(ge=24, le=24)] = 24
    internet_gateways: InternetGatewaySettings = InternetGatewaySettings()


class GuardrailQuota(Strict):
    """What AWS Organizations allows of one policy type: characters a document, documents a target; some are taken.

    `reserved` counts the documents that others attach: AWS its FullAWSAccess, Control Tower its own.
    """

    characters: Annotated[int, Field(ge=1000, le=10_240)]
    attachments: Annotated[int, Field(ge=2, le=10)]
    reserved: Annotated[int, Field(ge=1, le=9)]


class GuardrailsSettings(Strict):
    """Guardrails: the quota they must fit in, whom they spare, and what they hold requests against.

    `exempt_roles` are spared beside the platform's own, `steward_roles` beside these where data is tagged and granted,
    `approver_roles` alone approve models and releases: all are patterns of role names with their path. A denial that
    needs a list which is empty here is left out.
    `quarantine`: whether an account that stands in no unit can do nothing. Switch it off to adopt an organisation whose
    accounts work in the root, and on again when they are placed.
    """

    quarantine: bool = True
    service_control: GuardrailQuota = GuardrailQuota(characters=10_240, attachments=10, reserved=3)
    resource_control: GuardrailQuota = GuardrailQuota(characters=5_120, attachments=5, reserved=1)
    exempt_roles: tuple[RolePattern, ...] = ()
    approver_roles: Annotated[tuple[RolePattern, ...], Field(min_length=1)] = (
        "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-ml-team-lead_*",
    )
    steward_roles: tuple[RolePattern, ...] = (
        "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-data-lake-administrator_*",
    )
    approved_vpcs: tuple[VpcId, ...] = ()
    approved_subnets: tuple[SubnetId, ...] = ()
    corporate_networks: tuple[Network, ...] = ()
    image_accounts: tuple[AccountId, ...] = ("763104351884",)  # AWS Deep Learning Containers
    bedrock_models: tuple[ModelPattern, ...] = ("amazon.*", "anthropic.*")


class HookSettings(Strict):
    """The hook of CloudFormation where teams work; `noncurrent_days` is how long overwritten rules can be brought back.

    `failure_mode` WARN lets pass what breaks a rule, and says so.
    """

    enabled: bool = True
    failure_mode: Literal["FAIL", "WARN"] = "FAIL"
    noncurrent_days: Annotated[int, Field(ge=30, le=3650)] = 365


class FoundationsSettings(Strict):
    """Settings of the module `foundations`."""

    organization: OrganizationSettings = OrganizationSettings()
    delegation: DelegationSettings = DelegationSettings()
    state: StateSettings = StateSettings()
    access: AccessSettings = AccessSettings()
    baseline: BaselineSettings = BaselineSettings()
    keys: KeysSettings = KeysSettings()
    backup: BackupSettings = BackupSettings()
    quotas: QuotasSettings = QuotasSettings()
    budget: BudgetSettings = BudgetSettings()
    config: ConfigSettings = ConfigSettings()
    guardrails: GuardrailsSettings = GuardrailsSettings()
    network: NetworkSettings = NetworkSettings()
    policies: PoliciesSettings = PoliciesSettings()
    landing_zone: LandingZoneSettings = LandingZoneSettings()
    control_tower: ControlTowerSettings = ControlTowerSettings()

    @property
    def trusted_services(self) -> tuple[str, ...]:
        """The services that see all accounts: those of `organization`, and those that a landing zone needs, sorted."""
        needed = TRUSTED_SERVICES if self.landing_zone.enabled else ()
        return tuple(sorted({*self.organization.trusted_services, *needed}))

    hooks: HookSettings = HookSettings()
    endpoints: EndpointSettings = EndpointSettings()
    dns: DnsSettings = DnsSettings()
    security: SecuritySettings = SecuritySettings()

    @model_validator(mode="after")
    def _delegated_services_are_trusted(self) -> Self:
        for role, services in self.delegation.by_role.items():
            if missing := sorted(set(services) - set(self.organization.trusted_services)):
                raise ValueError(
                    f"delegation.{role.replace('-', '_')} needs trusted access: add {', '.join(missing)} to "
                    "organization.trusted_services"
                )
        return self

    @model_validator(mode="after")
    def _policy_types_of_policies_are_on(self) -> Self:
        types = self.organization.policy_types
        missing = {name: kind for name, kind in self.policies.enabled_types.items() if kind not in types}
        for name, kind in missing.items():
            raise ValueError(
                f"policies.{name} needs its policy type: add {kind} to organization.policy_types, "
                f"or set policies.{name}.enabled to false"
            )
        return self

    @model_validator(mode="after")
    def _security_services_are_trusted(self) -> Self:
        if missing := sorted(set(self.security.trusted_services()) - set(self.organization.trusted_services)):
            raise ValueError(
                f"security needs trusted access: add {', '.join(missing)} to organization.trusted_services"
            )
        return self
