"""One permission set of IAM Identity Center, whole before anyone holds it."""

from __future__ import annotations

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.ssoadmin_managed_policy_attachment import SsoadminManagedPolicyAttachment
from cdktf_cdktf_provider_aws.ssoadmin_permission_set import SsoadminPermissionSet
from cdktf_cdktf_provider_aws.ssoadmin_permission_set_inline_policy import SsoadminPermissionSetInlinePolicy
from cdktf_cdktf_provider_aws.ssoadmin_permissions_boundary_attachment import (
    SsoadminPermissionsBoundaryAttachment,
    SsoadminPermissionsBoundaryAttachmentPermissionsBoundary,
    SsoadminPermissionsBoundaryAttachmentPermissionsBoundaryCustomerManagedPolicyReference,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.contract import people_boundary
from modules.foundations.persona_policies import inline_policy
from modules.foundations.persona_words import Scope
from modules.foundations.personas import EMERGENCY, PROFILES, PermissionSetName


class PermissionSet(Construct):
    """`mlgov-<name>`: session length, AWS's policies, an inline policy with its denials, and the people's boundary.

    `parts` are what must be in place before the set is assigned.

    Guarantees:
    - every permission set carries the boundary that the account's access stack makes, and an inline policy;
    - a session ends after `hours`; there is no relay state, so it begins in the console of the account;
    - the emergency set is tagged as such; `EmergencyAlert` tells of its use.

    Controls: IAM-05 (NIST 800-53 AC-5, AC-6, AC-12).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, instance_arn: str, name: PermissionSetName, hours: int
    ) -> None:
        super().__init__(scope, id_)
        profile = PROFILES[name]
        tags = {"Persona": name} | ({"BreakGlass": "true"} if name == EMERGENCY else {})
        permission_set = SsoadminPermissionSet(
            self,
            "set",
            instance_arn=instance_arn,
            name=f"mlgov-{name}",
            description=profile.description,
            session_duration=f"PT{hours}H",
            tags=tags,
        )
        self.arn = permission_set.arn
        self.parts: list[TerraformResource] = [
            SsoadminPermissionSetInlinePolicy(
                self,
                "policy",
                instance_arn=instance_arn,
                permission_set_arn=self.arn,
                inline_policy=inline_policy(name, Scope(naming.partition, naming.organization)),
            ),
            SsoadminPermissionsBoundaryAttachment(
                self,
                "boundary",
                instance_arn=instance_arn,
                permission_set_arn=self.arn,
                permissions_boundary=SsoadminPermissionsBoundaryAttachmentPermissionsBoundary(
                    customer_managed_policy_reference=SsoadminPermissionsBoundaryAttachmentPermissionsBoundaryCustomerManagedPolicyReference(
                        name=people_boundary(naming), path="/"
                    )
                ),
            ),
            *(
                SsoadminManagedPolicyAttachment(
                    self,
                    managed.rpartition("/")[2],
                    instance_arn=instance_arn,
                    permission_set_arn=self.arn,
                    managed_policy_arn=f"arn:{naming.partition}:iam::aws:policy/{managed}",
                )
                for managed in profile.managed
            ),
        ]
