"""The roles of repairs in one account: who repairs, and who approves."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from modules.core.iam import Statement, account_root, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.foundations.config.contract import everywhere
from modules.foundations.config.repairs import APPROVER_ROLE, REPAIR_ROLE, REPAIRS


class RepairRoles(Construct):
    """`<organisation>-org-repair`, as which documents run, and `<organisation>-org-repair-approver`, for people.

    `approver_roles` are patterns of role names with their path: who may become the approver. `topics` is the ARN of
    the topics on which repairs ask, with * for the region; `tooling_account_id` is where they and their keys stand.

    Guarantees:
    - the repair role can do what the repairs do, and ask for approval; only Systems Manager can become it;
    - the approver can approve and refuse, and neither start nor repair.

    Controls: IAM-01, DATA-02, NET-05, SM-15 (NIST 800-53 AC-5, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        boundary_arn: str,
        approver_roles: Sequence[str],
        topics: str,
        tooling_account_id: str,
    ) -> None:
        super().__init__(scope, id_)
        names = everywhere(naming)
        executions = f"arn:{naming.partition}:ssm:*:{naming.account_id}:automation-execution/*"
        Role(
            self,
            "repair",
            naming=names,
            what=REPAIR_ROLE,
            description="Repairs what AWS Config found, after an approval",
            boundary_arn=boundary_arn,
            trust=[
                Statement(
                    "Automation",
                    actions=("sts:AssumeRole",),
                    principals=service("ssm.amazonaws.com"),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnLike": {"aws:SourceArn": executions},
                    },
                )
            ],
            statements=[
                *(statement for repair in REPAIRS.values() for statement in repair.needs(naming)),
                Statement("AskForApproval", actions=("sns:Publish",), resources=(topics,)),
                Statement(
                    "UseKeyOfTopic",
                    actions=("kms:Decrypt", "kms:GenerateDataKey"),
                    resources=(f"arn:{naming.partition}:kms:*:{tooling_account_id}:key/*",),
                    conditions={"StringLike": {"kms:ViaService": "sns.*.amazonaws.com"}},
                ),
            ],
        )
        Role(
            self,
            "approver",
            naming=names,
            what=APPROVER_ROLE,
            description="Approves or refuses a repair",
            boundary_arn=boundary_arn,
            trust=[
                Statement(
                    "Approvers",
                    actions=("sts:AssumeRole",),
                    principals=account_root(naming.partition, naming.account_id),
                    conditions={
                        "ArnLike": {
                            "aws:PrincipalArn": [
                                naming.arn("iam", f"role/{pattern}", region=False) for pattern in approver_roles
                            ]
                        }
                    },
                )
            ],
            statements=[
                Statement(
                    "Answer",
                    actions=("ssm:GetAutomationExecution", "ssm:SendAutomationSignal"),
                    resources=(executions,),
                ),
            ],
        )
