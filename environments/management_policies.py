"""Which management policies the organisation has, and where each stands. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Organization
from environments.ownership import owner_tags
from environments.units import added_levels
from environments.vocabulary import ENVIRONMENTS, GUARDRAILS, Environment
from modules.core.naming import Naming
from modules.core.tags import REQUIRED
from modules.foundations.organization_policies.ai_opt_out import ai_opt_out
from modules.foundations.organization_policies.backup import backup
from modules.foundations.organization_policies.declarative import declarative
from modules.foundations.organization_policies.document import ManagementPolicy
from modules.foundations.organization_policies.tags import tags


def management_policies(organization: Organization) -> list[ManagementPolicy]:
    """Every policy that is switched on and stands somewhere."""
    return [
        *_declarative(organization),
        *_tags(organization),
        *_backup(organization),
        *_ai_opt_out(organization),
    ]


def _declarative(organization: Organization) -> Iterator[ManagementPolicy]:
    """One for each level in use, at the units where the level begins: below them AWS hands it down."""
    settings = organization.settings("org").foundations.policies.declarative
    if not settings.enabled:
        return
    for level in GUARDRAILS:
        units = [
            unit.key
            for unit in organization.units
            if unit.guardrails == level and added_levels(unit, organization.units)
        ]
        if units:
            yield ManagementPolicy(
                key=f"declarative-{level}",
                kind="DECLARATIVE_POLICY_EC2",
                description=f"What EC2, EBS and VPC are in accounts of the level {level}",
                document=declarative(level, settings),
                shorten="name fewer image_providers in foundations.policies.declarative",
                units=units,
            )


def _tags(organization: Organization) -> Iterator[ManagementPolicy]:
    """Case and values at the root; refusal of other values at the units where the level for it begins."""
    settings = organization.settings("org").foundations.policies.tags
    if not settings.enabled:
        return
    keys = _tag_values(organization) if settings.bounded else dict.fromkeys(_tag_values(organization), ())
    shorten = "set foundations.policies.tags.bounded to false"
    yield ManagementPolicy(
        key="tags",
        kind="TAG_POLICY",
        description="How the keys of tags are written, and which values they have",
        document=tags(keys),
        shorten=shorten,
        at_root=True,
    )
    units = [
        unit.key for unit in organization.units if settings.enforced_from in added_levels(unit, organization.units)
    ]
    if units and settings.bounded and settings.enforced_for:
        yield ManagementPolicy(
            key="tags-enforced",
            kind="TAG_POLICY",
            description=f"Where other values of tags are refused: from the level {settings.enforced_from} on",
            document=tags(keys, settings.enforced_for),
            shorten=shorten,
            units=units,
        )


def _tag_values(organization: Organization) -> dict[str, tuple[str, ...]]:
    """The values of each tag that the platform writes; none where they are not a short list."""
    owners = [owner_tags(organization, account) for account in organization.accounts]
    found: dict[str, set[str]] = {key: set() for key in REQUIRED}
    for owner in owners:
        for key, value in owner.items():
            found.setdefault(key, set()).add(value)
    found["Product"] = {project.product_name for project in organization.projects}
    found["Project"] = {project.project for project in organization.projects}
    found["Organization"].add(organization.name)
    found["Environment"].update(ENVIRONMENTS)
    found["Owner"] = set()  # people move on
    for environment in ENVIRONMENTS:
        backups = organization.settings(environment).foundations.policies.backup
        if backups.enabled:
            found.setdefault(backups.tag_key, set()).update(backups.plans)
    return {key: tuple(sorted(values)) for key, values in found.items()}


def _backup(organization: Organization) -> Iterator[ManagementPolicy]:
    """One for each environment, at its accounts: the vault is called after the environment, not after the unit."""
    for environment in ENVIRONMENTS:
        settings = organization.settings(environment).foundations.policies.backup
        accounts = [account.name for account in organization.accounts if account.environment == environment]
        if settings.enabled and accounts:
            yield ManagementPolicy(
                key=f"backup-{environment}",
                kind="BACKUP_POLICY",
                description=f"What is backed up in accounts of the environment {environment}",
                document=backup(_naming(organization, environment), settings, organization.governed_regions),
                shorten="state fewer plans in foundations.policies.backup",
                accounts=accounts,
            )


def _naming(organization: Organization, environment: Environment) -> Naming:
    """How things are named in accounts of the environment; of the account itself nothing is asked."""
    return Naming(organization.name, environment, "", "", organization.partition, organization.home_region)


def _ai_opt_out(organization: Organization) -> Iterator[ManagementPolicy]:
    if organization.settings("org").foundations.policies.ai_opt_out.enabled:
        yield ManagementPolicy(
            key="ai-opt-out",
            kind="AISERVICES_OPT_OUT_POLICY",
            description="AWS may not use content of this organisation to improve its AI services",
            document=ai_opt_out(),
            shorten="it never is",
            at_root=True,
        )
