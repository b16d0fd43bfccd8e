"""What the launch role of each product may do in a team's account, and no more. No cdktf here.

Names are of the teams that work in the account; what AWS names is known by the team's tag.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from modules.core.iam import Statement
from modules.ml_platform.launch_scope import LaunchScope
from modules.ml_platform.launch_words import buckets, manage, pass_role, read_parameters, use_keys
from modules.ml_platform.names import Product, ServiceRole, service_role_arn
from modules.ml_platform.product_roles import SERVICE_ROLES

__all__ = ["PERMISSIONS", "SERVICE_ROLES", "LaunchScope"]

# As which role people of a persona work in Studio. A role that could pass the lead's beside these would hold both hands
# of a review (SOD-04), so leads stand in the team's file.
_PERSONAS = ("data-scientist", "ml-engineer")


def _athena_workgroup(scope: LaunchScope) -> tuple[Statement, ...]:
    workgroups = [scope.naming.arn("athena", f"workgroup/{name}") for name in scope.names("{}-*")]
    return (
        read_parameters(scope.naming),
        buckets(scope.naming, *scope.names("{}-queries-*")),
        manage("Workgroups", "AWS::Athena::WorkGroup", on=workgroups),
    )


def _mlflow_server(scope: LaunchScope) -> tuple[Statement, ...]:
    servers = [scope.naming.arn("sagemaker", f"mlflow-tracking-server/{name}") for name in scope.names("{}-*")]
    role = service_role_arn(scope.naming, "mlflow")
    return (
        read_parameters(scope.naming),
        buckets(scope.naming, *scope.names("{}-mlflow-*")),
        manage("Servers", "AWS::SageMaker::MlflowTrackingServer", on=servers),
        *pass_role("PassRoleOfServers", [role], "sagemaker.amazonaws.com"),
    )


def _sagemaker_domain(scope: LaunchScope) -> tuple[Statement, ...]:
    naming = scope.naming
    domains = (naming.arn("sagemaker", "domain/*"),)
    linked = "aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForAmazonSageMakerNotebooks"
    return (
        read_parameters(naming),
        *_tagged(scope, "Domain", domains),
        *pass_role("PassRolesOfPeople", scope.roles("data-scientist"), "sagemaker.amazonaws.com"),
        *use_keys(naming, "sagemaker", "domain", grants=True),
        Statement(
            "HomeVolume",
            actions=("elasticfilesystem:CreateFileSystem",),
            resources=("*",),  # a file system has no name before it is made
            conditions={"Bool": {"elasticfilesystem:Encrypted": "true"}},
        ),
        Statement(
            "RoleOfStudioItself",
            actions=("iam:CreateServiceLinkedRole",),
            resources=(naming.arn("iam", f"role/{linked}", region=False),),
            conditions={"StringEquals": {"iam:AWSServiceName": "sagemaker.amazonaws.com"}},
        ),
        # Identity Center knows no resources for the application that a domain is to it.
        Statement(
            "ApplicationInIdentityCenter",
            actions=(
                "sso:CreateManagedApplicationInstance",
                "sso:DeleteManagedApplicationInstance",
                "sso:GetManagedApplicationInstance",
            ),
            resources=("*",),
        ),
    )


def _user_profile(scope: LaunchScope) -> tuple[Statement, ...]:
    partition = scope.naming.partition
    return (
        *_tagged(scope, "UserProfile", (scope.naming.arn("sagemaker", "user-profile/*"),)),
        *pass_role("PassRolesOfPeople", scope.roles(*_PERSONAS), "sagemaker.amazonaws.com"),
        # The instance and the directory are the organisation's, whose ids the account does not know.
        Statement(
            "FindPerson",
            actions=("identitystore:DescribeUser", "identitystore:ListUsers"),
            resources=(
                f"arn:{partition}:identitystore:::user/*",
                f"arn:{partition}:identitystore::*:identitystore/*",
            ),
        ),
        Statement("SeeInstance", actions=("sso:DescribeInstance",), resources=(f"arn:{partition}:sso:::instance/*",)),
        Statement("FindInstance", actions=("sso:ListInstances",), resources=("*",)),  # lists have no resources
    )


def _build_template(scope: LaunchScope) -> tuple[Statement, ...]:
    naming = scope.naming
    groups = [naming.arn("sagemaker", f"model-package-group/{name}") for name in scope.names("{}-*")]
    return (
        *_project(scope, "codebuild", "codebuild-test"),
        manage("Models", "AWS::SageMaker::ModelPackageGroup", on=groups),
        manage("Settings", "AWS::SSM::Parameter", on=(scope.settings,)),
    )


def _deploy_template(scope: LaunchScope) -> tuple[Statement, ...]:
    return _project(scope, "codebuild")


def _project(scope: LaunchScope, *builders: ServiceRole) -> tuple[Statement, ...]:
    """What both templates of projects make: bucket, repository, builds with a log, pipeline and what starts it."""
    naming = scope.naming
    return (
        read_parameters(naming),
        buckets(naming, scope.projects),
        manage("Repository", "AWS::CodeCommit::Repository", on=(naming.arn("codecommit", scope.projects),)),
        Statement("FindRepository", actions=("codecommit:ListRepositories",), resources=("*",)),
        manage("Builds", "AWS::CodeBuild::Project", on=(naming.arn("codebuild", f"project/{scope.projects}"),)),
        manage("Pipeline", "AWS::CodePipeline::Pipeline", on=(naming.arn("codepipeline", scope.projects),)),
        manage("Starters", "AWS::Events::Rule", on=(naming.arn("events", f"rule/{scope.projects}"),)),
        manage(
            "Logs",
            "AWS::Logs::LogGroup",
            on=(naming.arn("logs", f"log-group:/aws/codebuild/{scope.projects}"),),
        ),
        # What lists has no resources.
        Statement("FindLogs", actions=("logs:DescribeIndexPolicies", "logs:DescribeLogGroups"), resources=("*",)),
        Statement(
            "UseConnections",
            actions=("codeconnections:PassConnection", "codestar-connections:PassConnection"),
            resources=(
                naming.arn("codeconnections", "connection/*"),
                naming.arn("codestar-connections", "connection/*"),
            ),
            conditions={
                "StringEqualsIfExists": {
                    "codeconnections:PassedToService": "codepipeline.amazonaws.com",
                    "codestar-connections:PassedToService": "codepipeline.amazonaws.com",
                }
            },
        ),
        *use_keys(naming, "codecommit", "artifacts"),
        *pass_role(
            "PassRolesOfBuilds",
            [service_role_arn(naming, each) for each in builders],
            "codebuild.amazonaws.com",
        ),
        *pass_role("PassRoleOfPipeline", [service_role_arn(naming, "codepipeline")], "codepipeline.amazonaws.com"),
        *pass_role("PassRoleOfStarters", [service_role_arn(naming, "events")], "events.amazonaws.com"),
    )


def _tagged(scope: LaunchScope, what: str, resources: tuple[str, ...]) -> tuple[Statement, ...]:
    """A thing of Studio, which AWS names: made with the tag of a team, and known by it from then on."""
    return (
        Statement(f"Make{what}", actions=(f"sagemaker:Create{what}",), resources=resources, conditions=scope.made),
        Statement(
            f"Change{what}",
            actions=(
                f"sagemaker:Delete{what}",
                f"sagemaker:Describe{what}",
                f"sagemaker:Update{what}",
                "sagemaker:ListTags",
            ),
            resources=resources,
            conditions=scope.owned,
        ),
        Statement(
            f"Tag{what}",
            actions=("sagemaker:AddTags",),
            resources=resources,
            conditions={
                "StringEquals": {"aws:RequestTag/Team": scope.teams},
                "StringEqualsIfExists": {"aws:ResourceTag/Team": scope.teams},
            },
        ),
    )


# What CloudFormation does in the name of the launch role, per product; the stack itself is in `launch_role.py`.
PERMISSIONS: Mapping[Product, Callable[[LaunchScope], tuple[Statement, ...]]] = {
    "athena-workgroup": _athena_workgroup,
    "mlflow-server": _mlflow_server,
    "sagemaker-domain": _sagemaker_domain,
    "user-profile": _user_profile,
    "build-template": _build_template,
    "deploy-template": _deploy_template,
}
