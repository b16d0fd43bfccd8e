"""The roles Terraform assumes in one account, and the boundary of every role it makes there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from constructs import Construct

from modules.core.iam import Principals, Statement, policy_document
from modules.core.naming import Naming
from modules.core.role import Role
from modules.foundations.contract import AccessContract, CiContract, people_boundary
from modules.foundations.settings import AccessSettings

# Reading these would show the data itself, not how it is kept. A plan needs none of them.
DATA_READS = (
    "athena:GetQueryResults",
    "bedrock:Invoke*",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "kinesis:GetRecords",
    "kms:Decrypt",
    "lakeformation:GetDataAccess",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:StartQuery",
    "sagemaker:BatchGetRecord",
    "sagemaker:GetRecord",
    "sagemaker:InvokeEndpoint*",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
)
OBJECT_READS = ("s3:GetObject", "s3:GetObjectVersion")
PARAMETER_READS = ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")
# What the stacks of every account manage.
SERVICES = (
    "access-analyzer",
    "account",
    "backup",
    "backup-storage",
    "budgets",
    "cloudwatch",
    "config",
    "ec2",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "oam",
    "route53",
    "route53profiles",
    "route53resolver",
    "s3",
    "servicequotas",
    "sns",
    "sqs",
    "ssm",
    "tag",
    "xray",
)
# What a plan of every account's stacks reads and AWS's ReadOnlyAccess leaves out, and what one of this account's does.
READS = ("oam:ListTagsForResource",)
READS_BY_ACCOUNT_ROLE: Mapping[str, tuple[str, ...]] = {
    "data-domain": ("glue:GetConnection", "glue:GetDataQualityRuleset"),
    "data-governance": ("glue:GetPartitionIndexes", "lakeformation:ListLakeFormationOptIns"),
    "management": (
        "bcm-data-exports:GetExport",
        "bcm-data-exports:ListTagsForResource",
        "controltower:GetControlOperation",
        "controltower:GetEnabledControl",
        "controltower:GetLandingZone",
        "controltower:GetLandingZoneOperation",
        "controltower:ListEnabledControls",
        "detective:DescribeOrganizationConfiguration",
        "servicecatalog:GetAWSOrganizationsAccessStatus",
    ),
    "ml-shared-services": ("glue:GetPartitionIndexes", "sagemaker:GetModelPackageGroupPolicy"),
    "ml-team": (
        "glue:GetPartitionIndexes",
        "sagemaker:GetModelPackageGroupPolicy",
        "sagemaker:GetSagemakerServicecatalogPortfolioStatus",
    ),
    "observability": ("glue:GetPartitionIndexes",),
    "security-tooling": ("detective:DescribeOrganizationConfiguration",),
}
_SECURITY_SERVICES = ("auditmanager", "detective", "guardduty", "inspector2", "macie2", "securityhub")
# What only the stacks of an account with this role manage.
SERVICES_BY_ACCOUNT_ROLE: Mapping[str, tuple[str, ...]] = {
    "data-domain": ("glue", "lakeformation", "macie2", "scheduler"),
    "data-governance": ("athena", "glue", "lakeformation", "ram"),  # Lake Formation shares by RAM in the caller's name
    "feature-store": ("athena", "dynamodb", "glue", "lakeformation", "ram", "sagemaker"),
    # All but Firehose: Security Lake makes its tables and shares them in the caller's name.
    "log-archive": ("firehose", "glue", "lakeformation", "ram", "securitylake"),
    "management": (
        "bcm-data-exports",
        "ce",
        "cloudformation",  # Cloud Control, and what Control Tower and Service Catalog do in the caller's name
        "cloudtrail",
        "compute-optimizer",
        "controlcatalog",
        "controltower",
        "cost-optimization-hub",
        "cur",  # Data Exports makes a report in the caller's name
        "identitystore",
        "organizations",
        "ram",
        "servicecatalog",
        "sso",
        *_SECURITY_SERVICES,
    ),
    "ml-shared-services": (
        "athena",
        "cloudformation",  # Cloud Control
        "codeartifact",
        "codebuild",
        "codeconnections",
        "codepipeline",
        "dynamodb",
        "ecr",
        "glue",
        "inspector2",  # ECR's enhanced scanning switches Inspector on in the caller's name
        "lakeformation",
        "ram",
        "sagemaker",
        "scheduler",
        "schemas",
        "states",
    ),
    "ml-team": (
        "application-autoscaling",
        "athena",
        "bedrock",
        "cloudformation",
        "codebuild",
        "codecommit",
        "codeconnections",
        "codepipeline",
        "dynamodb",
        "ecr",
        "elasticfilesystem",
        "glue",
        "lakeformation",
        "sagemaker",
        "scheduler",
        "servicecatalog",  # SageMaker accepts its portfolio of project templates in the caller's name
        "states",
    ),
    "network": ("network-firewall", "ram"),
    "observability": ("athena", "chatbot", "glue", "quicksight", "scheduler"),
    "security-tooling": _SECURITY_SERVICES,
    "shared-services": ("cloudformation", "ram", "servicecatalog"),  # products are validated in its name
}
# Nothing that is made here may use these: people and keys come from Identity Center and CI alone.
NEVER = (
    "account:CloseAccount",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateUser",
    "organizations:LeaveOrganization",
)
# Only the management account can, and no SCP reaches it: a person closes an account, Terraform never does.
NEVER_BY_ACCOUNT_ROLE = {
    "management": (
        "organizations:CloseAccount",
        "organizations:DeleteOrganization",
        "organizations:RemoveAccountFromOrganization",
    )
}


class AccessRoles(Construct):
    """`mlgov-plan`, `mlgov-apply` and `mlgov-boundary` of one account, and the boundary of people who sign in there.

    `account_roles` (such as `management`) widen what the apply role may manage.

    Guarantees:
    - only the CI roles may assume them, and only with the external id; plan may be assumed by both, apply by one;
    - the plan role reads configuration and never data;
    - the apply role manages the platform's services only, gives every role it makes a boundary,
      and can change neither these four nor make users or access keys;
    - that of the management account can close no account, remove none and not delete the organisation;
    - whoever works under a boundary can make no people or accounts, and change no access role and no boundary.

    Controls: IAM-01, IAM-05, IAM-09, IAM-11, ORG-10, PLAT-02 (NIST 800-53 AC-5, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: AccessSettings,
        ci: CiContract,
        external_id: str,
        account_roles: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        self.contract = AccessContract(**AccessContract.names(naming))
        own = self._own_resources(naming)
        ceiling = policy_document(
            Statement("WithinIdentityPolicies", actions=("*",), resources=("*",)),
            Statement("NeverPeopleOrAccounts", actions=NEVER, resources=("*",), effect="Deny"),
            Statement("NeverTheAccessRoles", actions=("iam:*",), resources=own, effect="Deny"),
        )
        boundary = IamPolicy(
            self,
            "boundary",
            name=naming.name("mlgov-boundary"),
            description="The most that a role made by mlgov in this account can do",
            policy=ceiling,
        )
        IamPolicy(
            self,
            "people-boundary",
            name=people_boundary(naming),
            description="The most that a person signed in by Identity Center can do in this account",
            policy=ceiling,
        )
        self.boundary_arn = boundary.arn  # a reference: a role waits for its boundary
        Role(
            self,
            "plan",
            naming=naming,
            what="mlgov-plan",
            description="terraform plan reads this account's configuration as this role",
            boundary_arn=self.boundary_arn,
            session_seconds=settings.plan_session_seconds,
            trust=[_trusted(external_id, ci.ci_plan_role_arn, ci.ci_apply_role_arn)],
            managed_policy_arns=[f"arn:{naming.partition}:iam::aws:policy/ReadOnlyAccess"],
            statements=[
                *_missing_reads(account_roles),
                Statement("NeverData", actions=DATA_READS, resources=("*",), effect="Deny"),
                Statement(  # Terraform reads what stands in this repository: rules of hooks, code, schemas, templates
                    "NeverObjectsButItsOwn",
                    actions=OBJECT_READS,
                    not_resources=(
                        f"{naming.bucket_arn(f'{naming.account}-hooks')}*/*",
                        f"arn:{naming.partition}:s3:::{naming.organization}-{naming.environment}-*-code/*",
                        f"{naming.bucket_arn('cost-reports')}/allocation/*",
                        f"{naming.bucket_arn('features')}/schemas/*",
                        f"{naming.bucket_arn('ml-templates')}/*",
                        f"arn:{naming.partition}:s3:::{naming.organization}-{naming.environment}-release--*/source/*",
                        f"arn:{naming.partition}:s3:::{naming.organization}-{naming.environment}-serving--*/stack/*",
                    ),
                    effect="Deny",
                ),
                Statement(  # Terraform reads the parameters it made: they tell ids, names and settings, and no data
                    "NeverParametersButItsOwn",
                    actions=PARAMETER_READS,
                    not_resources=tuple(
                        f"arn:{naming.partition}:ssm:*:{naming.account_id}:parameter/{naming.organization}/{what}"
                        for what in (
                            "network/*",
                            "keys/*",
                            "environment",
                            f"{naming.environment}/projects/*",
                            f"{naming.environment}/serving/*",
                            f"{naming.environment}/studio/*",
                        )
                    ),
                    effect="Deny",
                ),
            ],
        )
        Role(
            self,
            "apply",
            naming=naming,
            what="mlgov-apply",
            description="terraform apply changes this account as this role",
            boundary_arn=self.boundary_arn,
            session_seconds=settings.apply_session_seconds,
            trust=[_trusted(external_id, ci.ci_apply_role_arn)],
            statements=_apply_statements(account_roles, self.contract, own),
        )

    @staticmethod
    def _own_resources(naming: Naming) -> list[str]:
        names = AccessContract.names(naming)
        return [names["plan_role_arn"], names["apply_role_arn"], names["boundary_arn"], names["people_boundary_arn"]]


def _trusted(external_id: str, *role_arns: str) -> Statement:
    return Statement(
        "CiWithExternalId",
        actions=("sts:AssumeRole",),
        principals=Principals("AWS", role_arns),
        conditions={"StringEquals": {"sts:ExternalId": external_id}},
    )


def _missing_reads(account_roles: Sequence[str]) -> list[Statement]:
    by_role = (action for role in account_roles for action in READS_BY_ACCOUNT_ROLE.get(role, ()))
    return [Statement("ReadsBeyondReadOnlyAccess", actions=sorted({*READS, *by_role}), resources=("*",))]


def _apply_statements(account_roles: Sequence[str], access: AccessContract, own: Sequence[str]) -> list[Statement]:
    services = sorted({*SERVICES, *(name for role in account_roles for name in SERVICES_BY_ACCOUNT_ROLE.get(role, ()))})
    never = (*NEVER, *(action for role in account_roles for action in NEVER_BY_ACCOUNT_ROLE.get(role, ())))
    return [
        Statement("PlatformServices", actions=[f"{name}:*" for name in services], resources=("*",)),
        Statement("NeverPeopleOrAccounts", actions=never, resources=("*",), effect="Deny"),
        Statement("NeverTheAccessRoles", actions=("iam:*",), resources=own, effect="Deny"),
        Statement(
            "RolesNeedTheBoundary",
            actions=("iam:CreateRole", "iam:PutRolePermissionsBoundary"),
            resources=("*",),
            effect="Deny",
            # The second: Identity Center makes people's roles of the management account in the caller's name.
            conditions={
                "StringNotEquals": {"iam:PermissionsBoundary": (access.boundary_arn, access.people_boundary_arn)}
            },
        ),
        Statement("BoundariesStay", actions=("iam:DeleteRolePermissionsBoundary",), resources=("*",), effect="Deny"),
    ]
