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

from modules.core.errors import ConfigError
from modules.core.iam import Statement, policy_document, policy_length
from modules.core.managed_policy import ManagedPolicy
from modules.core.naming import Naming

# Of all inline policies of a role together: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_INLINE_LIMIT = 10_240


class Role(Construct):
    """The role `<organisation>-<environment>-<what>`, with one inline policy made of `statements`.

    Attached are `policies` of ours, and those of AWS in `managed_policy_arns`.

    Guarantees:
    - never exceeds `boundary_arn`, the permissions boundary;
    - what is attached or put inline by hand is removed at the next apply;
    - `session_seconds` (3,600 to 43,200) bounds one session;
    - statements that IAM would refuse for their length are told at synthesis, by a ConfigError.

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
        policies: Sequence[ManagedPolicy] = (),
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
            document = policy_document(*statements)
            _check_length(naming.name(what), document)
            policy = IamRolePolicy(self, "policy", name=what, role=role_name, policy=document)
            inline.append(policy.name)
        for arn in managed_policy_arns:
            IamRolePolicyAttachment(self, f"attach-{arn.rpartition('/')[2]}", role=role_name, policy_arn=arn)
        for attached in policies:
            IamRolePolicyAttachment(self, f"attach-{attached.what}", role=role_name, policy_arn=attached.arn)
        # What needs the role with all its permissions, not the role alone, depends on this.
        self.whole = IamRolePoliciesExclusive(self, "inline-only", role_name=role_name, policy_names=inline)
        IamRolePolicyAttachmentsExclusive(
            self,
            "attached-only",
            role_name=role_name,
            policy_arns=[*managed_policy_arns, *(attached.arn for attached in policies)],
        )


def _check_length(name: str, document: str) -> None:
    if (length := policy_length(document)) > _INLINE_LIMIT:
        raise ConfigError(
            f"the role {name} is allowed so much by name that its policy has {length} characters, and IAM takes "
            f"{_INLINE_LIMIT}: let it reach fewer data domains, tables or feature groups, or let fewer teams share "
            "the account"
        )
