"""An IAM role with a permissions boundary and nothing attached by the side."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policies_exclusive import IamRolePoliciesExclusive
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.iam_role_policy_attachments_exclusive import IamRolePolicyAttachmentsExclusive
from constructs import Construct

from modules.core.iam import Statement, policy_document
from modules.core.naming import Naming


class Role(Construct):
    """The role `<organisation>-<environment>-<what>`, with one inline policy made of `statements`.

    Guarantees:
    - never exceeds `boundary_arn`, the permissions boundary;
    - what is attached or put inline by hand is removed at the next apply;
    - `session_seconds` (3,600 to 43,200) bounds one session.

    Controls: IAM-01, IAM-05 (NIST 800-53 AC-6, AC-2(7)).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        description: str,
        trust: Sequence[Statement],
        boundary_arn: str,
        statements: Sequence[Statement] = (),
        managed_policy_arns: Sequence[str] = (),
        session_seconds: int = 3600,
    ) -> None:
        super().__init__(scope, id_)
        role = IamRole(
            self,
            "role",
            name=naming.name(what),
            description=description,
            assume_role_policy=policy_document(*trust),
            permissions_boundary=boundary_arn,
            max_session_duration=session_seconds,
        )
        # References, not computed names: they give Terraform the order.
        role_name, self.arn = role.name, role.arn
        self.resource: ITerraformDependable = role  # who names the role by its computed ARN waits for this
        inline: list[str] = []
        if statements:
            policy = IamRolePolicy(self, "policy", name=what, role=role_name, policy=policy_document(*statements))
            inline.append(policy.name)
        for arn in managed_policy_arns:
            IamRolePolicyAttachment(self, f"attach-{arn.rpartition('/')[2]}", role=role_name, policy_arn=arn)
        # What needs the role with all its permissions, not the role alone, depends on this.
        self.whole = IamRolePoliciesExclusive(self, "inline-only", role_name=role_name, policy_names=inline)
        IamRolePolicyAttachmentsExclusive(
            self, "attached-only", role_name=role_name, policy_arns=list(managed_policy_arns)
        )
