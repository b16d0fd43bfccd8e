"""The management policies of the organisation and where they are attached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdktf_cdktf_provider_aws.organizations_policy import OrganizationsPolicy
from cdktf_cdktf_provider_aws.organizations_policy_attachment import OrganizationsPolicyAttachment
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.contract import OrganizationContract
from modules.foundations.organization_policies.document import ManagementPolicy


class OrganizationPolicies(Construct):
    """Declarative, tag, backup and AI opt-out policies, attached to the root, to units and to accounts.

    Guarantees:
    - each policy stands exactly where it says, and holds its document, minified;
    - a document longer than AWS takes is an error with the numbers, before anything is planned.

    Controls: BKP-01, NET-05, NET-08 (FSBP EC2.1, EC2.8, EC2.172; NIST 800-53 CM-2, CM-6, CP-9, SC-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        policies: Sequence[ManagementPolicy],
        organization: OrganizationContract,
    ) -> None:
        super().__init__(scope, id_)
        place = Construct(self, "policies")
        ids = {
            policy.key: OrganizationsPolicy(
                place,
                policy.key,
                name=naming.name(f"policy-{policy.key}"),
                description=policy.description,
                type=policy.kind,
                content=policy.content,
            ).id
            for policy in policies
        }

        def attach(where: Construct, target: str, attached: Iterable[ManagementPolicy]) -> None:
            for policy in attached:
                OrganizationsPolicyAttachment(where, policy.key, policy_id=ids[policy.key], target_id=target)

        attach(Construct(self, "root"), organization.root_id, (policy for policy in policies if policy.at_root))
        units, accounts = Construct(self, "units"), Construct(self, "accounts")
        for unit in sorted({unit for policy in policies for unit in policy.units}):
            held = (policy for policy in policies if unit in policy.units)
            attach(Construct(units, unit), organization.unit_ids[unit], held)
        for account in sorted({account for policy in policies for account in policy.accounts}):
            held = (policy for policy in policies if account in policy.accounts)
            attach(Construct(accounts, account), organization.account_ids[account], held)
