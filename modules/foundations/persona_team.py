"""What a team's people may do in its accounts.

They work on what carries their team's tag: `aws:PrincipalTag/Team`, which the identity provider states, must equal
the tag of the resource, or of the request where something is made. Model packages carry no tags of their own; there
the team stands in the name of the group.
"""

from __future__ import annotations

from modules.core.iam import Statement
from modules.foundations.persona_words import MADE, OWNED, SEE_ML, SEE_PIPELINES, TAGGED, Scope, actions, may


def data_engineer(scope: Scope) -> tuple[Statement, ...]:
    """Builds pipelines and features from data that Lake Formation grants."""
    return (
        may(
            "See",
            *actions("athena", "Get", "List"),
            *actions("glue", "BatchGet", "Get", "ListCrawl", "ListJobs", "ListWork"),
            *SEE_ML,
        ),
        may("Make", "glue:CreateCrawler", "glue:CreateJob", "glue:CreateWorkflow", conditions=MADE),
        may("Tag", "glue:TagResource", conditions=TAGGED),
        may(
            "WorkOn",
            "athena:StartQueryExecution",
            "athena:StopQueryExecution",
            "glue:StartCrawler",
            "glue:StartJobRun",
            "glue:StopCrawler",
            "glue:UpdateCrawler",
            "glue:UpdateJob",
            "sagemaker:GetRecord",
            "sagemaker:PutRecord",
            conditions=OWNED,
        ),
        may("ReadWhatIsGranted", "lakeformation:GetDataAccess"),
        scope.pass_roles("glue"),
    )


def data_scientist(scope: Scope) -> tuple[Statement, ...]:
    """Trains models in dev and registers them as pending."""
    making = ("App", "Experiment", "Pipeline", "ProcessingJob", "Space", "TrainingJob", "TransformJob", "Trial")
    return (
        may("See", *SEE_ML),
        may(
            "Make",
            *(f"sagemaker:Create{what}" for what in making),
            "sagemaker:CreateAutoMLJobV2",
            "sagemaker:CreateHyperParameterTuningJob",
            "sagemaker:CreateModelPackageGroup",
            conditions=MADE,
        ),
        may("Tag", "sagemaker:AddTags", conditions=TAGGED),
        may(
            "WorkOn",
            "sagemaker:CreatePresignedDomainUrl",
            "sagemaker:DeleteApp",
            "sagemaker:DeleteSpace",
            "sagemaker:PutRecord",
            "sagemaker:StartPipelineExecution",
            "sagemaker:Stop*",
            "sagemaker:UpdateExperiment",
            "sagemaker:UpdatePipeline",
            "sagemaker:UpdateSpace",
            "sagemaker:UpdateTrial",
            conditions=OWNED,
        ),
        Statement(
            "Register",
            actions=("sagemaker:CreateModelPackage",),
            resources=scope.models(),
            conditions={"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}},
        ),
        may("ReadFeatures", "sagemaker:BatchGetRecord", "sagemaker:GetRecord"),
        scope.pass_roles("sagemaker", "pipeline"),
    )


def ml_engineer(scope: Scope) -> tuple[Statement, ...]:
    """Deploys models and runs pipelines; the approval is another's."""
    return (
        may("See", *SEE_ML, *SEE_PIPELINES),
        may(
            "Make",
            "sagemaker:CreateEndpoint",
            "sagemaker:CreateEndpointConfig",
            "sagemaker:CreateModel",
            "sagemaker:CreateMonitoringSchedule",
            "sagemaker:CreatePipeline",
            conditions=MADE,
        ),
        may("Tag", "sagemaker:AddTags", conditions=TAGGED),
        may(
            "WorkOn",
            "codebuild:StartBuild",
            "codepipeline:RetryStageExecution",
            "codepipeline:StartPipelineExecution",
            "sagemaker:DeleteEndpoint",
            "sagemaker:DeleteEndpointConfig",
            "sagemaker:DeleteModel",
            "sagemaker:InvokeEndpoint",
            "sagemaker:StartPipelineExecution",
            "sagemaker:Stop*",
            "sagemaker:UpdateEndpoint",
            "sagemaker:UpdateEndpointWeightsAndCapacities",
            "sagemaker:UpdatePipeline",
            conditions=OWNED,
        ),
        scope.pass_roles("sagemaker", "pipeline", "serving"),
    )


def ml_reader(scope: Scope) -> tuple[Statement, ...]:
    """Sees how models run."""
    return (may("See", *SEE_ML, *SEE_PIPELINES),)


def ml_team_lead(scope: Scope) -> tuple[Statement, ...]:
    """Launches projects, approves models and releases of the team."""
    return (
        may("See", *SEE_ML, *SEE_PIPELINES, *actions("servicecatalog", "Describe", "Get", "List", "Search")),
        may("Launch", "servicecatalog:ProvisionProduct", resources=[scope.arn("catalog", "product/*")]),
        may(
            "ManageOwnLaunches",
            "servicecatalog:TerminateProvisionedProduct",
            "servicecatalog:UpdateProvisionedProduct",
            conditions={"StringEquals": {"servicecatalog:userLevel": "self"}},
        ),
        may(
            "SeeLaunches",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStackResources",
            "cloudformation:DescribeStacks",
            resources=[scope.arn("cloudformation", "stack/SC-*/*")],
        ),
        may("MakeProjects", "sagemaker:CreateProject", conditions=MADE),
        may("ManageProjects", "sagemaker:DeleteProject", "sagemaker:UpdateProject", conditions=OWNED),
        may("Tag", "sagemaker:AddTags", conditions=TAGGED),
        Statement("Approve", actions=("sagemaker:UpdateModelPackage",), resources=scope.models()),
        may("ApproveReleases", "codepipeline:PutApprovalResult", conditions=OWNED),
    )
