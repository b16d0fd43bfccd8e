"""One stage of a project's build: a project of CodeBuild with a role of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.codebuild_project import (
    CodebuildProject,
    CodebuildProjectArtifacts,
    CodebuildProjectEnvironment,
    CodebuildProjectEnvironmentEnvironmentVariable,
    CodebuildProjectLogsConfig,
    CodebuildProjectLogsConfigCloudwatchLogs,
    CodebuildProjectSource,
    CodebuildProjectVpcConfig,
)
from constructs import Construct

from modules.core.build_statements import network_interface, trusts_codebuild
from modules.core.iam import Statement
from modules.core.log_group import LogGroup
from modules.core.naming import Naming
from modules.core.role import Role
from modules.ml_use_case import names
from modules.ml_use_case.build_settings import BuildSettings

# A project waits no longer for a machine: who waits hears of it.
_QUEUED_MINUTES = 60


@dataclass(frozen=True, slots=True)
class BuildPlace:
    """Where all stages of a project work: network, bucket, keys, and the boundary of their roles."""

    vpc_id: str
    subnet_ids: list[str]
    security_group_ids: Sequence[str]
    bucket_arn: str
    artifact_key_arn: str
    log_key_arn: str
    boundary_arn: str


class BuildStage(Construct):
    """The stage `what` of the project: it runs `buildspec-<what>.yml` of the repository, for `minutes` at most.

    `parameters` are environment variables whose values stand in Systems Manager, by the parameter's name.

    Guarantees:
    - it runs in the account's VPC, unprivileged, and nobody but CodePipeline gives it source;
    - what it hands on is encrypted under the account's key; its log has a retention and a key;
    - its role reads and writes what the stages hand on, reads its parameters, makes its network interfaces in this
      VPC, and does beside that what `statements` say and nothing else.

    Controls: CICD-01, CICD-02, CICD-03, CICD-04, IAM-01 (NIST 800-53 AC-6, SC-7, SC-28, AU-12).
    https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: BuildSettings,
        project: str,
        what: str,
        minutes: int,
        place: BuildPlace,
        handed_on: str,
        environment: Mapping[str, str],
        parameters: Mapping[str, str],
        statements: Sequence[Statement] = (),
    ) -> None:
        super().__init__(scope, id_)
        part = names.build_part(project, what)
        name = naming.name(part)
        group = f"/aws/codebuild/{name}"
        logs = LogGroup(self, "logs", name=group, key_arn=place.log_key_arn, retention_days=settings.log_days)
        role = Role(
            self,
            "role",
            naming=naming,
            what=part,
            description=f"The stage {what} of the build of {project}",
            trust=[trusts_codebuild(naming, name)],
            boundary_arn=place.boundary_arn,
            statements=[
                Statement(
                    "WriteOwnLog",
                    actions=("logs:CreateLogStream", "logs:PutLogEvents"),
                    resources=(naming.arn("logs", f"log-group:{group}:*"),),
                ),
                Statement(
                    "HandOn",
                    actions=("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
                    resources=(f"{place.bucket_arn}/{handed_on}*",),
                ),
                Statement(
                    "UseKeyOfTheBucket",
                    actions=("kms:Decrypt", "kms:GenerateDataKey"),
                    resources=(place.artifact_key_arn,),
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
                ),
                *network_interface(naming, place.vpc_id),
                *_parameters(naming, parameters.values()),
                *statements,
            ],
        )
        variables = [(key, value, "PLAINTEXT") for key, value in environment.items()]
        variables += [(key, value, "PARAMETER_STORE") for key, value in parameters.items()]
        self.name = CodebuildProject(
            self,
            "project",
            name=name,
            description=f"{what} of the project {project}",
            service_role=role.arn,
            encryption_key=place.artifact_key_arn,
            build_timeout=minutes,
            queued_timeout=_QUEUED_MINUTES,
            source=CodebuildProjectSource(type="CODEPIPELINE", buildspec=f"buildspec-{what}.yml"),
            artifacts=CodebuildProjectArtifacts(type="CODEPIPELINE"),
            environment=CodebuildProjectEnvironment(
                type="LINUX_CONTAINER",
                compute_type=settings.compute_type,
                image=settings.image,
                image_pull_credentials_type="CODEBUILD",
                privileged_mode=False,
                environment_variable=[
                    CodebuildProjectEnvironmentEnvironmentVariable(name=key, value=value, type=kind)
                    for key, value, kind in sorted(variables)
                ],
            ),
            vpc_config=CodebuildProjectVpcConfig(
                vpc_id=place.vpc_id,
                subnets=place.subnet_ids,
                security_group_ids=list(place.security_group_ids),
            ),
            logs_config=CodebuildProjectLogsConfig(
                cloudwatch_logs=CodebuildProjectLogsConfigCloudwatchLogs(status="ENABLED", group_name=logs.name)
            ),
            depends_on=[role.whole],  # CodeBuild asks at once whether the role may work in the VPC
        ).name


def _parameters(naming: Naming, found: Collection[str]) -> list[Statement]:
    resources = [naming.arn("ssm", f"parameter{name}") for name in found]
    return [Statement("ReadSettings", actions=("ssm:GetParameters",), resources=resources)] if resources else []
