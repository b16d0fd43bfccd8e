"""What the organisation's own people may do, in the accounts of their job."""

from __future__ import annotations

from modules.core.iam import Statement
from modules.foundations.persona_words import SEE_ML, SEE_PIPELINES, Scope, actions, may


def cloud_administrator(scope: Scope) -> tuple[Statement, ...]:
    """Runs what is beneath the accounts."""
    return (
        may(
            "RunLandingZone",
            *actions("controltower", "Enable", "Reset", "Update"),
            *actions("organizations", "Create", "Tag", "Update"),
            *actions("ram", "Associate", "Create", "Disassociate", "Update"),
            "servicequotas:RequestServiceQuotaIncrease",
        ),
        may(
            "RunNetwork",
            *(f"ec2:{verb}TransitGateway*" for verb in ("Associate", "Create", "Disassociate", "Modify")),
            "ec2:CreateRoute",
            "ec2:CreateVpcEndpoint",
            "ec2:ModifyVpcEndpoint",
            "ec2:ReplaceRoute",
            "ec2:StartNetworkInsightsAnalysis",
        ),
        _asks(scope, "QueryLogs", "log-queries"),
    )


def data_lake_administrator(scope: Scope) -> tuple[Statement, ...]:
    """Grants data to others without reading it."""
    return (
        may(
            "See",
            *actions("glue", "BatchGet", "Get", "List", "Search"),
            *actions("lakeformation", "Describe", "Get", "List", "Search"),
        ),
        may(
            "Govern",
            *actions("glue", "CreateDatabase", "UpdateDatabase"),
            *(f"lakeformation:{verb}Permissions" for verb in ("BatchGrant", "BatchRevoke", "Grant", "Revoke")),
            *(f"lakeformation:{verb}LFTag" for verb in ("Create", "Delete", "Update")),
            "lakeformation:AddLFTagsToResource",
            "lakeformation:RemoveLFTagsFromResource",
        ),
    )


def executive(scope: Scope) -> tuple[Statement, ...]:
    """Reads costs."""
    return (
        may(
            "SeeCosts",
            *actions("budgets", "Describe", "View"),
            *actions("ce", "Describe", "Get", "List"),
            "cloudwatch:GetDashboard",
            "cloudwatch:GetMetricData",
            "cloudwatch:ListDashboards",
        ),
    )


def ml_governance_lead(scope: Scope) -> tuple[Statement, ...]:
    """Documents models, and asks which there are."""
    return (
        may("See", *SEE_ML, *SEE_PIPELINES),
        _asks(scope, "AskAboutModels", "model-inventory-reader"),
        _asks(scope, "ReadPassports", "model-passport-reader"),
        may(
            "Document",
            "sagemaker:CreateModelCard",
            "sagemaker:CreateModelCardExportJob",
            "sagemaker:UpdateModelCard",
            resources=[scope.arn("sagemaker", "model-card/*")],
        ),
    )


def ml_platform_administrator(scope: Scope) -> tuple[Statement, ...]:
    """Runs what teams share: portfolios, registries, repositories, buses."""
    return (
        may(
            "See",
            *SEE_ML,
            *SEE_PIPELINES,
            *actions("ecr", "BatchGet", "Describe", "List"),
            *actions("events", "List"),
        ),
        _asks(scope, "AskAboutModels", "model-inventory-reader"),
        may(
            "RunPortfolios",
            *actions(
                "servicecatalog", "Associate", "Create", "Describe", "Disassociate", "Get", "List", "Search", "Update"
            ),
        ),
        may(
            "RunRegistries",
            "ecr:CreateRepository",
            "ecr:PutImageScanningConfiguration",
            "ecr:PutLifecyclePolicy",
            "ecr:TagResource",
            resources=[scope.arn("ecr", f"repository/{scope.organization}-*")],
        ),
        may(
            "RunModelGroups",
            "sagemaker:AddTags",
            "sagemaker:CreateModelPackageGroup",
            resources=[scope.arn("sagemaker", f"model-package-group/{scope.organization}-*")],
        ),
        may(
            "RunBuses",
            "events:DisableRule",
            "events:EnableRule",
            "events:PutRule",
            "events:PutTargets",
            resources=[scope.arn("events", f"rule/{scope.organization}-*")],
        ),
    )


def security_auditor(scope: Scope) -> tuple[Statement, ...]:
    """Approves repairs that others start; asks logs, who used data, which models there are, why they were released."""
    return (
        Statement(
            "ApproveRepairs",
            actions=("sts:AssumeRole",),
            resources=(f"arn:{scope.partition}:iam::*:role/{scope.organization}-org-repair-approver",),
        ),
        _asks(scope, "AskWhoUsedData", "audit-reader"),
        _asks(scope, "AskAboutModels", "model-inventory-reader"),
        _asks(scope, "ReadPassports", "model-passport-reader"),
        _asks(scope, "QueryLogs", "log-queries"),
    )


def _asks(scope: Scope, sid: str, reader: str) -> Statement:
    """Becoming the role that reads what people ask for, and can do nothing else."""
    resources = (f"arn:{scope.partition}:iam::*:role/{scope.organization}-*-{reader}",)
    return Statement(sid, actions=("sts:AssumeRole",), resources=resources)
