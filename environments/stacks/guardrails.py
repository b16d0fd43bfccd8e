"""`management-guardrails`: what no account of a unit may do, from the preventive points of the control catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from environments.stacks.base import PlatformStack
from environments.units import added_levels
from modules.core.errors import ConfigError
from modules.foundations.config.repairs import REPAIR_ROLE
from modules.foundations.contract import OrganizationContract
from modules.foundations.guardrails import GuardrailPolicy, Guardrails
from modules.foundations.settings import GuardrailQuota
from policies.catalogue import SHIPPED, Catalogue
from policies.errors import GuardrailError
from policies.guardrails import ORGANIZATION_ID, Document, Inputs, Quota, render
from policies.preventive import LEVELS, Kind, Level

_DESCRIPTION_LIMIT = 512


class GuardrailsStack(PlatformStack):
    """Service and resource control policies, attached where a unit's level differs from that of its parent."""

    def compose(self) -> None:
        """Place the guardrails of every level that a unit has."""
        levels = {unit.key: added_levels(unit, self.organization.units) for unit in self.organization.units}
        documents = self._documents({level for added in levels.values() for level in added})
        Guardrails(
            self,
            "guardrails",
            naming=self.naming,
            policies=[
                GuardrailPolicy(document.key, document.kind, document.content, _description(document), ORGANIZATION_ID)
                for document in documents
            ],
            attached={
                unit: [document.key for document in documents if document.level in added]
                for unit, added in levels.items()
            },
            organization=self.consume(OrganizationContract),
        )

    def _documents(self, used: set[Level]) -> Sequence[Document]:
        settings = self.settings.foundations.guardrails
        quota: dict[Kind, Quota] = {"scp": _quota(settings.service_control), "rcp": _quota(settings.resource_control)}
        controls = Catalogue.read(SHIPPED).controls.values()
        try:
            return [
                document
                for level in LEVELS
                if level in used
                for document in render(level, controls=controls, inputs=self._inputs(), quota=quota)
            ]
        except GuardrailError as error:
            raise ConfigError(str(error)) from error

    def _inputs(self) -> Inputs:
        organization, settings = self.organization, self.settings.foundations.guardrails
        repairs = self.settings.foundations.config.repairs
        platform = (
            f"{organization.name}-*-mlgov-apply",
            f"{organization.name}-*-mlgov-plan",
            *((f"{organization.name}-org-{REPAIR_ROLE}",) if repairs else ()),  # it does what the platform alone may
            organization.delivery.access_role,
            *settings.exempt_roles,
        )
        return Inputs(
            partition=organization.partition,
            organization=organization.name,
            regions=organization.governed_regions,
            exempt={"platform": self._roles(platform), "approvers": self._roles(settings.approver_roles)},
            approved_vpcs=settings.approved_vpcs,
            approved_subnets=settings.approved_subnets,
            corporate_networks=settings.corporate_networks,
            image_accounts=settings.image_accounts,
            bedrock_models=settings.bedrock_models,
        )

    def _roles(self, patterns: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(f"arn:{self.organization.partition}:iam::*:role/{pattern}" for pattern in patterns))


def _quota(settings: GuardrailQuota) -> Quota:
    return Quota(settings.characters, settings.attachments, settings.reserved)


def _description(document: Document) -> str:
    """The controls of the document, as many as AWS has room for."""
    text = f"Controls: {', '.join(document.controls)}"
    return text if len(text) <= _DESCRIPTION_LIMIT else text[: _DESCRIPTION_LIMIT - 3] + "..."
