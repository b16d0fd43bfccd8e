"""What what products make may do: builds, pipelines, what starts them, and MLflow servers. No cdktf here.

The roles stand once in an account, so that no product makes a role. Everything that projects make is called alike
(`LaunchScope.projects`), and a role reaches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_platform.launch_scope import LaunchScope
from modules.ml_platform.launch_words import pass_role, read_parameters, use_keys
from modules.ml_platform.names import service_role, service_role_arn

_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")


@dataclass(frozen=True, slots=True)
class ProductRole:
    """A role of a service: who assumes it, and what it may do."""

    principal: str
    statements: Callable[[LaunchScope], tuple[Statement, ...]]


def _cloudformation(scope: LaunchScope) -> tuple[Statement, ...]:
    """Makes the endpoint of a trial, with its model and alarm: `products/seeds/deploy-endpoint/endpoint.yaml`."""
    naming = scope.naming
    served = [naming.arn("sagemaker", f"{what}/{scope.projects}") for what in ("model", "endpoint-config", "endpoint")]
    versions = [naming.arn("sagemaker", f"model-package/{name}") for name in scope.names("{}-*")]
    made = ("Model", "EndpointConfig", "Endpoint")
    return (
        read_parameters(naming),
        Statement(
            "ServeTrials",
            actions=(
                *(f"sagemaker:{verb}{what}" for what in made for verb in ("Create", "Delete", "Describe")),
                "sagemaker:AddTags",
                "sagemaker:DeleteTags",
                "sagemaker:ListTags",
                "sagemaker:UpdateEndpoint",
            ),
            resources=served,
        ),
        Statement("ReadVersions", actions=("sagemaker:DescribeModelPackage",), resources=versions),
        *pass_role("AsTheServingRoleOfTheTeam", scope.roles("serving"), "sagemaker.amazonaws.com"),
        *use_keys(naming, "sagemaker", "endpoint", grants=True),
        Statement(
            "AlarmOnTrials",
            actions=(
                "cloudwatch:DeleteAlarms",
                "cloudwatch:DescribeAlarms",
                "cloudwatch:ListTagsForResource",
                "cloudwatch:PutMetricAlarm",
                "cloudwatch:TagResource",
                "cloudwatch:UntagResource",
            ),
            resources=(naming.arn("cloudwatch", f"alarm:{scope.projects}"),),
        ),
    )


def _codebuild_test(scope: LaunchScope) -> tuple[Statement, ...]:
    """A build that only reads its source, writes its log and hands its files on."""
    naming = scope.naming
    log = naming.arn("logs", f"log-group:/aws/codebuild/{scope.projects}:*")
    return (
        Statement("WriteOwnLog", actions=("logs:CreateLogStream", "logs:PutLogEvents"), resources=(log,)),
        _objects(scope),
        *_keys(scope),
        Statement("ReadSettings", actions=("ssm:GetParameters",), resources=(scope.settings,)),
        *_network(naming),
    )


def _codebuild(scope: LaunchScope) -> tuple[Statement, ...]:
    """Brings the SageMaker pipeline of a project up to date, waits for it, and reads what it registered."""
    naming = scope.naming
    pipelines = naming.arn("sagemaker", f"pipeline/{scope.projects}")
    groups = [
        naming.arn("sagemaker", f"{kind}/{name}")
        for name in scope.names("{}-*")
        for kind in ("model-package-group", "model-package")
    ]
    return (
        *_codebuild_test(scope),
        Statement(
            "BringPipelineUpToDate",
            actions=(
                "sagemaker:AddTags",
                "sagemaker:CreatePipeline",
                "sagemaker:DescribePipeline",
                "sagemaker:ListTags",
                "sagemaker:StartPipelineExecution",
                "sagemaker:UpdatePipeline",
            ),
            resources=(pipelines,),
        ),
        Statement(
            "ReadRun",
            actions=("sagemaker:DescribePipelineExecution", "sagemaker:ListPipelineExecutionSteps"),
            resources=(f"{pipelines}/execution/*",),
        ),
        Statement(
            "ReadVersions",
            actions=("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"),
            resources=groups,
        ),
        Statement(
            "HandOverRoleOfTheTeam",
            actions=("iam:PassRole",),
            resources=scope.roles("pipeline"),
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    )


def _codepipeline(scope: LaunchScope) -> tuple[Statement, ...]:
    """Takes source, starts builds, and has CloudFormation deploy trials in this account."""
    naming = scope.naming
    stacks = naming.arn("cloudformation", f"stack/{scope.projects}-trial/*")
    return (
        _objects(scope),
        *_keys(scope),
        Statement(
            "ReadSource",
            actions=tuple(
                f"codecommit:{verb}"
                for verb in (
                    "CancelUploadArchive",
                    "GetBranch",
                    "GetCommit",
                    "GetRepository",
                    "GetUploadArchiveStatus",
                    "UploadArchive",
                )
            ),
            resources=(naming.arn("codecommit", scope.projects),),
        ),
        Statement(
            "ReadSourceOfConnections",
            actions=("codeconnections:UseConnection", "codestar-connections:UseConnection"),
            resources=(
                naming.arn("codeconnections", "connection/*"),
                naming.arn("codestar-connections", "connection/*"),
            ),
        ),
        Statement(
            "StartBuilds",
            actions=("codebuild:BatchGetBuilds", "codebuild:StartBuild"),
            resources=(naming.arn("codebuild", f"project/{scope.projects}"),),
        ),
        Statement(
            "DeployTrials",
            actions=tuple(
                f"cloudformation:{verb}"
                for verb in (
                    "CreateChangeSet",
                    "DeleteChangeSet",
                    "DescribeChangeSet",
                    "DescribeStacks",
                    "ExecuteChangeSet",
                )
            ),
            resources=(stacks,),
        ),
        *pass_role("AsTheRoleOfTrials", [service_role_arn(naming, "cloudformation")], "cloudformation.amazonaws.com"),
    )


def _events(scope: LaunchScope) -> tuple[Statement, ...]:
    """Starts pipelines of projects."""
    pipelines = scope.naming.arn("codepipeline", scope.projects)
    return (Statement("Start", actions=("codepipeline:StartPipelineExecution",), resources=(pipelines,)),)


def _mlflow(scope: LaunchScope) -> tuple[Statement, ...]:
    """Keeps artefacts in the buckets of servers; versions of models it registers nowhere."""
    whats = [f"arn:{scope.naming.partition}:s3:::{name}" for name in scope.names("{}-mlflow-*")]
    return (
        Statement("FindArtefacts", actions=("s3:GetBucketLocation", "s3:ListBucket"), resources=whats),
        Statement(
            "KeepArtefacts",
            actions=("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            resources=[f"{what}/*" for what in whats],
        ),
        *use_keys(scope.naming, "s3", "artifacts"),
    )


def _objects(scope: LaunchScope) -> Statement:
    bucket = f"arn:{scope.naming.partition}:s3:::{scope.projects}"
    actions = (*_OBJECTS, "s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning")
    return Statement("HandOn", actions=actions, resources=(bucket, f"{bucket}/*"))


def _keys(scope: LaunchScope) -> list[Statement]:
    """The account's key for artefacts: in the bucket of a project, and in its repository."""
    naming = scope.naming
    through = [f"{via}.{naming.region}.amazonaws.com" for via in ("codecommit", "s3")]
    return [
        Statement(
            "UseKeys",
            actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
            resources=(naming.arn("kms", "key/*"),),
            conditions={
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{naming.name('artifacts')}"},
                "StringEquals": {"kms:ViaService": through},
            },
        )
    ]


def _network(naming: Naming) -> tuple[Statement, ...]:
    """The network interface of a build in the account's VPC; what describes has no resources.

    https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
    """
    interface = naming.arn("ec2", "network-interface/*")
    describe = ("DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs")
    parts = (interface, naming.arn("ec2", "subnet/*"), naming.arn("ec2", "security-group/*"))
    return (
        Statement("SeeNetwork", actions=tuple(f"ec2:Describe{what}" for what in describe), resources=("*",)),
        Statement("MakeInterface", actions=("ec2:CreateNetworkInterface",), resources=parts),
        Statement(
            "LetCodeBuildUseInterface",
            actions=("ec2:CreateNetworkInterfacePermission",),
            resources=(interface,),
            conditions={"StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"}},
        ),
        Statement("RemoveInterface", actions=("ec2:DeleteNetworkInterface",), resources=(interface,)),
    )


SERVICE_ROLES: Mapping[str, ProductRole] = {
    service_role("cloudformation"): ProductRole("cloudformation.amazonaws.com", _cloudformation),
    service_role("codebuild"): ProductRole("codebuild.amazonaws.com", _codebuild),
    service_role("codebuild-test"): ProductRole("codebuild.amazonaws.com", _codebuild_test),
    service_role("codepipeline"): ProductRole("codepipeline.amazonaws.com", _codepipeline),
    service_role("events"): ProductRole("events.amazonaws.com", _events),
    service_role("mlflow"): ProductRole("sagemaker.amazonaws.com", _mlflow),
}
