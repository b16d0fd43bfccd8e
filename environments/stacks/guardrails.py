"""`management-guardrails`: what no account of a unit may do, from the preventive points of the control catalogue."""

from __future__ import annotations

from environments.guardrails import documents
from environments.stacks.base import PlatformStack
from environments.units import added_levels
from modules.foundations.contract import OrganizationContract
from modules.foundations.guardrails import GuardrailPolicy, Guardrails
from policies.guardrails import ORGANIZATION_ID, Document
from policies.preventive import ROOT

_DESCRIPTION_LIMIT = 512


class GuardrailsStack(PlatformStack):
    """Service and resource control policies, attached where a unit's level differs from that of its parent.

    At the root stands what binds the accounts that are in no unit.
    """

    def compose(self) -> None:
        """Place the guardrails of every level that a unit has."""
        levels = {unit.key: added_levels(unit, self.organization.units) for unit in self.organization.units}
        placed = documents(self.organization)
        Guardrails(
            self,
            "guardrails",
            naming=self.naming,
            policies=[
                GuardrailPolicy(document.key, document.kind, document.content, _description(document), ORGANIZATION_ID)
                for document in placed
            ],
            attached={
                unit: [document.key for document in placed if document.level in added] for unit, added in levels.items()
            },
            at_root=[document.key for document in placed if document.level == ROOT],
            organization=self.consume(OrganizationContract),
        )


def _description(document: Document) -> str:
    """The controls of the document, as many as AWS has room for."""
    text = f"Controls: {', '.join(document.controls)}"
    return text if len(text) <= _DESCRIPTION_LIMIT else text[: _DESCRIPTION_LIMIT - 3] + "..."
