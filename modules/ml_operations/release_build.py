"""One build of a release pipeline: a project of CodeBuild with a role of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations.names import build_role
from modules.ml_operations.release_settings import ReleaseSettings

_QUEUED_MINUTES = 60


@dataclass(frozen=True, slots=True)
class BuildPlace:
    """Where all builds of a release work: network, bucket of artefacts, keys, and the boundary of their roles."""

    network: SpokeContract
    bucket_arn: str
    key_arn: str
    log_key_arn: str
    boundary_arn: str


@dataclass(frozen=True, slots=True)
class Run:
    """What a build runs: `command`, for `minutes` at most; it hands on the folder `gives` where there is one.

    `exports` are variables for later stages, each with the shell's words for its value.
    """

    command: str
    minutes: int
    gives: str | None = None
    exports: Mapping[str, str] | None = None

    def buildspec(self) -> str:
        """As CodeBuild reads it: JSON is YAML."""
        exports = self.exports or {}
        told = [f'export {name}="{words}"' for name, words in sorted(exports.items())]
        document: dict[str, object] = {
            "version": "0.2",
            "env": {"shell": "bash", **({"exported-variables": sorted(exports)} if exports else {})},
            "phases": {"build": {"on-failure": "ABORT", "commands": [self.command, *told]}},
        }
        if self.gives:
            document["artifacts"] = {"base-directory": self.gives, "files": ["**/*"]}
        return json.dumps(document, separators=(",", ":"))


class ReleaseBuild(Construct):
    """The build `what` of the project's release pipeline.

    Guarantees:
    - it runs in the account's VPC, unprivileged, and nobody but CodePipeline gives it source;
    - what it hands on is encrypted under the account's key; its log has a retention and a key;
    - its role reads and writes what the stages hand on, makes its network interfaces in this VPC, and does beside that
      what `statements` say and nothing else.

    Controls: CICD-01, CICD-02, CICD-03, CICD-04, IAM-01 (NIST 800-53 AC-6, SC-7, SC-28, AU-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ReleaseSettings,
        project: str,
        what: str,
        run: Run,
        place: BuildPlace,
        environment: Mapping[str, str],
        statements: Sequence[Statement] = (),
    ) -> None:
        super().__init__(scope, id_)
        part = build_role(project, what)
        name = naming.name(part)
        group = f"/aws/codebuild/{name}"
        logs = LogGroup(self, "logs", name=group, key_arn=place.log_key_arn, retention_days=settings.log_days)
        role = Role(
            self,
            "role",
            naming=naming,
            what=part,
            description=f"The build {what} of releases of {project}",
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
                    resources=(f"{place.bucket_arn}/*",),
                ),
                Statement(
                    "UseKeyOfTheBucket",
                    actions=("kms:Decrypt", "kms:GenerateDataKey"),
                    resources=(place.key_arn,),
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
                ),
                *network_interface(naming, place.network.vpc_id),
                *statements,
            ],
        )
        self.name = CodebuildProject(
            self,
            "project",
            name=name,
            description=f"{what} of releases of {project}",
            service_role=role.arn,
            encryption_key=place.key_arn,
            build_timeout=run.minutes,
            queued_timeout=_QUEUED_MINUTES,
            source=CodebuildProjectSource(type="CODEPIPELINE", buildspec=run.buildspec()),
            artifacts=CodebuildProjectArtifacts(type="CODEPIPELINE"),
            environment=CodebuildProjectEnvironment(
                type="LINUX_CONTAINER",
                compute_type=settings.compute_type,
                image=settings.image,
                image_pull_credentials_type="CODEBUILD",
                privileged_mode=False,
                environment_variable=[
                    CodebuildProjectEnvironmentEnvironmentVariable(name=key, value=value, type="PLAINTEXT")
                    for key, value in sorted(environment.items())
                ],
            ),
            vpc_config=CodebuildProjectVpcConfig(
                vpc_id=place.network.vpc_id,
                subnets=place.network.private_subnet_ids,
                security_group_ids=[place.network.workload_security_group_id],
            ),
            logs_config=CodebuildProjectLogsConfig(
                cloudwatch_logs=CodebuildProjectLogsConfigCloudwatchLogs(status="ENABLED", group_name=logs.name)
            ),
            depends_on=[role.whole],  # CodeBuild asks at once whether the role may work in the VPC
        ).name
