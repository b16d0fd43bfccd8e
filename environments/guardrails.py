"""The guardrails of an organisation: which documents its units carry, rendered from the control catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from environments.lake import desks
from environments.model import Organization
from environments.units import added_levels
from modules.core.errors import ConfigError
from modules.foundations.config.repairs import REPAIR_ROLE
from modules.foundations.control_tower.settings import EXECUTION_ROLE
from modules.foundations.settings import GuardrailQuota
from modules.ml_operations.names import DEPLOYER_ROLES
from modules.ml_platform.names import LAUNCH_ROLES
from policies.catalogue import shipped
from policies.errors import GuardrailError
from policies.guardrails import Document, Inputs, Quota, render
from policies.preventive import LEVELS, ROOT, Kind, Level


def documents(organization: Organization) -> Sequence[Document]:
    """The documents of every level that a unit adds, and of the root, from the loosest level.

    Raises ConfigError with the numbers when a target would carry more than AWS allows.
    """
    foundations = organization.settings("org").foundations
    settings = foundations.guardrails
    used: set[Level] = {level for unit in organization.units for level in added_levels(unit, organization.units)}
    if settings.quarantine:
        used.add(ROOT)
    quota: dict[Kind, Quota] = {"scp": _quota(settings.service_control), "rcp": _quota(settings.resource_control)}
    controls = tuple(shipped().controls.values())
    given = _inputs(organization)
    try:
        return [
            document
            for level in LEVELS
            if level in used
            for document in render(level, controls=controls, inputs=given, quota=quota)
        ]
    except GuardrailError as error:
        raise ConfigError(str(error)) from error


def _inputs(organization: Organization) -> Inputs:
    """What the guardrails hold requests against, and whom they spare."""
    foundations = organization.settings("org").foundations
    settings = foundations.guardrails
    platform = (
        f"{organization.name}-*-mlgov-apply",
        f"{organization.name}-*-mlgov-plan",
        organization.delivery.access_role,
        # It does what the platform alone may.
        *((f"{organization.name}-org-{REPAIR_ROLE}",) if foundations.config.repairs else ()),
        *((EXECUTION_ROLE,) if foundations.landing_zone.enabled else ()),
        *settings.exempt_roles,
    )
    return Inputs(
        partition=organization.partition,
        organization=organization.name,
        regions=organization.governed_regions,
        exempt={
            "platform": _roles(organization, platform),
            "stewards": _roles(organization, (*platform, *settings.steward_roles)),
            # What a product makes was judged with its template; nobody makes roles of these names but Terraform
            # (`rules/names.py` keeps teams, domains and projects away from them).
            "launchers": _roles(organization, (*platform, f"{organization.name}-dev-{LAUNCH_ROLES}-*")),
            # What a release deploys passed the gate and has its passport; no role of these names is made otherwise.
            "deployers": _roles(organization, (*platform, *_deployers(organization))),
            "approvers": _roles(organization, settings.approver_roles),
        },
        approved_vpcs=settings.approved_vpcs,
        approved_subnets=settings.approved_subnets,
        corporate_networks=settings.corporate_networks,
        image_accounts=settings.image_accounts,
        bedrock_models=settings.bedrock_models,
    )


def _deployers(organization: Organization) -> Iterable[str]:
    """In accounts where models serve: those of teams for test and production."""
    served = {desk.account.environment for desk in desks(organization) if {"test", "prod"} & set(desk.stages)}
    return (f"{organization.name}-{environment}-{DEPLOYER_ROLES}--*" for environment in sorted(served))


def _roles(organization: Organization, patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(f"arn:{organization.partition}:iam::*:role/{pattern}" for pattern in patterns))


def _quota(settings: GuardrailQuota) -> Quota:
    return Quota(settings.characters, settings.attachments, settings.reserved)
