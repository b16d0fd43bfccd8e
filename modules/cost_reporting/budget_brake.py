"""What keeps a team that has spent its budget from starting more, once a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.budgets_budget_action import (
    BudgetsBudgetAction,
    BudgetsBudgetActionActionThreshold,
    BudgetsBudgetActionDefinition,
    BudgetsBudgetActionDefinitionScpActionDefinition,
    BudgetsBudgetActionSubscriber,
)
from cdktf_cdktf_provider_aws.organizations_policy import OrganizationsPolicy
from constructs import Construct

from modules.core.iam import Statement, policy_document, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.cost_reporting.names import BRAKE

# What begins to cost by the hour when it is made. Nothing that runs is stopped, and nothing that frees is denied.
_STARTS = (
    "bedrock:CreateProvisionedModelThroughput",
    "ec2:RunInstances",
    "glue:StartJobRun",
    "sagemaker:CreateApp",
    "sagemaker:CreateAutoMLJobV2",
    "sagemaker:CreateCluster",
    "sagemaker:CreateEndpoint",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateTransformJob",
)


@dataclass(frozen=True, slots=True)
class Braked:
    """A team with its budget, the ids of the accounts that are braked, and who hears when that is proposed."""

    team: str
    budget_name: str
    account_ids: tuple[str, ...]
    emails: tuple[str, ...]


class BudgetBrake(Construct):
    """The service control policy `names.BRAKE`, and for each of `teams` the proposal to attach it to its accounts.

    It stands at no account until somebody approves in the console of AWS Budgets, who takes it off there, too:
    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html

    Guarantees:
    - AWS does nothing by itself: each action waits for a person;
    - as long as it stands nothing new that costs by the hour is started, and what runs goes on;
    - the role of AWS Budgets attaches this policy to these accounts, and can do nothing else.

    Controls: COST-03, IAM-01 (NIST 800-53 SA-2, SC-6, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        teams: Sequence[Braked],
        percent: int,
        organization_id: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        policy = OrganizationsPolicy(
            self,
            "policy",
            name=naming.name(BRAKE),
            description="Nothing new that costs by the hour; AWS Budgets attaches it once a person approves",
            type="SERVICE_CONTROL_POLICY",
            content=policy_document(Statement("NothingNewThatCosts", actions=_STARTS, resources=("*",), effect="Deny")),
        )
        accounts = sorted({account for team in teams for account in team.account_ids})
        organization = f"arn:{naming.partition}:organizations::{naming.account_id}"
        role = Role(
            self,
            "role",
            naming=naming,
            what=BRAKE,
            description="AWS Budgets puts the brake on accounts of teams, once a person approves",
            trust=[
                Statement(
                    "BudgetsOfThisAccount",
                    actions=("sts:AssumeRole",),
                    principals=service("budgets.amazonaws.com"),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnLike": {"aws:SourceArn": f"arn:{naming.partition}:budgets::{naming.account_id}:budget/*"},
                    },
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "PutAndTakeOff",
                    actions=("organizations:AttachPolicy", "organizations:DetachPolicy"),
                    resources=(
                        policy.arn,
                        *(f"{organization}:account/{organization_id}/{account}" for account in accounts),
                    ),
                ),
            ],
        )
        for team in teams:
            BudgetsBudgetAction(
                self,
                team.team,
                budget_name=team.budget_name,
                action_type="APPLY_SCP_POLICY",
                approval_model="MANUAL",
                notification_type="ACTUAL",
                action_threshold=BudgetsBudgetActionActionThreshold(
                    action_threshold_type="PERCENTAGE", action_threshold_value=percent
                ),
                definition=BudgetsBudgetActionDefinition(
                    scp_action_definition=BudgetsBudgetActionDefinitionScpActionDefinition(
                        policy_id=policy.id, target_ids=list(team.account_ids)
                    )
                ),
                execution_role_arn=role.arn,
                subscriber=[
                    BudgetsBudgetActionSubscriber(address=email, subscription_type="EMAIL") for email in team.emails
                ],
                depends_on=[role.whole],
            )
