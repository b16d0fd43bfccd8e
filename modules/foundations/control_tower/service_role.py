"""A role whose name and path a service of AWS dictates."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policies_exclusive import IamRolePoliciesExclusive
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.iam_role_policy_attachments_exclusive import IamRolePolicyAttachmentsExclusive
from constructs import Construct

from modules.core.iam import Statement, policy_document, service


class ServiceRole(Construct):
    """The role `/service-role/<name>`, which one service of AWS assumes and finds by its name.

    Guarantees:
    - nobody but `trusted` assumes it;
    - never exceeds `boundary_arn`, the permissions boundary;
    - what is attached or put inline by hand is removed at the next apply.

    Controls: IAM-01, IAM-05 (NIST 800-53 AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        trusted: str,
        boundary_arn: str,
        statements: Sequence[Statement] = (),
        managed_policy_arns: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id_)
        trust = Statement("Service", actions=("sts:AssumeRole",), principals=service(trusted))
        role = IamRole(
            self,
            "role",
            name=name,
            path="/service-role/",
            description=description,
            assume_role_policy=policy_document(trust),
            permissions_boundary=boundary_arn,
        )
        role_name = role.name
        inline: list[str] = []
        if statements:
            text = policy_document(*statements)
            inline.append(IamRolePolicy(self, "policy", name=f"{name}Policy", role=role_name, policy=text).name)
        for arn in managed_policy_arns:
            IamRolePolicyAttachment(self, f"attach-{arn.rpartition('/')[2]}", role=role_name, policy_arn=arn)
        arns = list(managed_policy_arns)
        # Who needs the role with all its policies waits for both.
        self.whole = (
            IamRolePoliciesExclusive(self, "inline-only", role_name=role_name, policy_names=inline),
            IamRolePolicyAttachmentsExclusive(self, "attached-only", role_name=role_name, policy_arns=arns),
        )
