"""The guardrails of the organisation: policies of AWS Organizations and where they are attached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cdktf_cdktf_provider_aws.organizations_policy import OrganizationsPolicy
from cdktf_cdktf_provider_aws.organizations_policy_attachment import OrganizationsPolicyAttachment
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.contract import OrganizationContract

_TYPES = {"scp": "SERVICE_CONTROL_POLICY", "rcp": "RESOURCE_CONTROL_POLICY"}


@dataclass(frozen=True, slots=True)
class GuardrailPolicy:
    """A policy document. `key` names it within the organisation; `organization_id` in it stands for the real id."""

    key: str
    kind: Literal["scp", "rcp"]
    content: str
    description: str
    organization_id: str


class Guardrails(Construct):
    """Service and resource control policies, attached to organisational units.

    `attached` names the policies of each unit; a unit below inherits them and needs only what it adds. `at_root` are
    the policies of the root, which bind every member account; the management account is bound by none.

    Guarantees:
    - a policy holds the document it was given, byte for byte, with the id of this organisation;
    - policies stand at the units that are named, and at the root only those that are meant for it;
    - IAM's own variables reach AWS as they stand in the document.

    Controls: ORG-01 and every other control with a preventive point (NIST 800-53 AC-3, CM-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        policies: Sequence[GuardrailPolicy],
        attached: Mapping[str, Sequence[str]],
        at_root: Sequence[str],
        organization: OrganizationContract,
    ) -> None:
        super().__init__(scope, id_)
        place = Construct(self, "policies")
        ids = {
            policy.key: OrganizationsPolicy(
                place,
                policy.key,
                name=naming.name(f"guardrails-{policy.key}"),
                description=policy.description,
                type=_TYPES[policy.kind],
                content=policy.content.replace("${", "$${").replace(
                    policy.organization_id, organization.organization_id
                ),
            ).id
            for policy in policies
        }
        root = Construct(self, "root")
        for key in at_root:
            OrganizationsPolicyAttachment(root, key, policy_id=ids[key], target_id=organization.root_id)
        units = Construct(self, "units")
        for unit, keys in attached.items():
            if not keys:
                continue
            unit_place = Construct(units, unit)
            for key in keys:
                OrganizationsPolicyAttachment(
                    unit_place, key, policy_id=ids[key], target_id=organization.unit_ids[unit]
                )
