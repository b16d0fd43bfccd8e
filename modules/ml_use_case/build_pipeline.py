"""The pipeline in CodePipeline that takes a project from its source to a registered model."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.codepipeline import (
    Codepipeline,
    CodepipelineArtifactStore,
    CodepipelineArtifactStoreEncryptionKey,
    CodepipelineStage,
    CodepipelineStageAction,
    CodepipelineStageOnFailure,
    CodepipelineTrigger,
    CodepipelineTriggerGitConfiguration,
    CodepipelineTriggerGitConfigurationPush,
    CodepipelineTriggerGitConfigurationPushBranches,
)
from constructs import Construct

from modules.core.build_statements import trusts_codepipeline
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.role import Role
from modules.ml_use_case import names
from modules.ml_use_case.build_source import SourceAction
from modules.ml_use_case.build_stage import BuildPlace

_SOURCE, _BUILT = "source", "built"
# CodePipeline names the folder of a pipeline's artefacts by the first characters of its name.
_FOLDER_LENGTH = 20
# What a stage is given beside its source: which run this is, and of which commit.
_VARIABLES = (
    '[{"name":"PIPELINE_EXECUTION_ID","value":"#{codepipeline.PipelineExecutionId}","type":"PLAINTEXT"},'
    '{"name":"SOURCE_COMMIT","value":"#{Source.CommitId}","type":"PLAINTEXT"}]'
)


def handed_on(naming: Naming, project: str) -> str:
    """The prefix below which CodePipeline keeps what stages of the project's build hand on."""
    return f"{names.pipeline(naming, project)[:_FOLDER_LENGTH].rstrip('-')}/"


class BuildPipeline(Construct):
    """Source, Test, Build and Register, one run after the other. `stages`: the name of each in CodeBuild.

    The definition of the SageMaker pipeline is code of the team, so the stage Build makes and changes it; Terraform
    would put it back (docs/adr/0028-builds.md).

    Guarantees:
    - every run tests the source before it builds: no stage is passed by;
    - runs queue: two never work on one definition at a time;
    - a failed Build goes back to the last source that was built, so that the definition is one that works;
    - artefacts are encrypted under the account's key;
    - its role reads this source, starts these builds, and keeps these artefacts, and does nothing else.

    Controls: CICD-05, IAM-01 (NIST 800-53 AC-6, CM-3, SC-28).
    https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        branch: str,
        source: SourceAction,
        stages: Mapping[str, str],
        place: BuildPlace,
        bucket: str,
    ) -> None:
        super().__init__(scope, id_)
        name = names.pipeline(naming, project)
        self.arn = naming.arn("codepipeline", name)
        what = names.build_part(project, "pipeline")
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description=f"The build of {project}, from stage to stage",
            trust=[trusts_codepipeline(naming, self.arn)],
            boundary_arn=place.boundary_arn,
            statements=[
                *source.statements,
                Statement(
                    "RunStages",
                    actions=("codebuild:BatchGetBuilds", "codebuild:StartBuild"),
                    resources=[
                        naming.arn("codebuild", f"project/{naming.name(names.build_part(project, stage))}")
                        for stage in stages
                    ],
                ),
                Statement(
                    "KeepArtefacts",
                    actions=("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
                    resources=(f"{place.bucket_arn}/{handed_on(naming, project)}*",),
                ),
                Statement(
                    "SeeBucket",
                    actions=("s3:GetBucketLocation", "s3:GetBucketVersioning"),
                    resources=(place.bucket_arn,),
                ),
                Statement(
                    "UseKey", actions=("kms:Decrypt", "kms:GenerateDataKey"), resources=(place.artifact_key_arn,)
                ),
            ],
        )
        store = CodepipelineArtifactStore(
            type="S3",
            location=bucket,
            encryption_key=CodepipelineArtifactStoreEncryptionKey(id=place.artifact_key_arn, type="KMS"),
        )
        self.name = Codepipeline(
            self,
            "pipeline",
            name=name,
            role_arn=role.arn,
            pipeline_type="V2",
            execution_mode="QUEUED",
            artifact_store=[store],
            stage=[_source(source), *(_stage(stage, built_by) for stage, built_by in stages.items())],
            trigger=None if source.pushed else [_pushed(branch)],
            depends_on=[role.whole],
        ).name


def _source(source: SourceAction) -> CodepipelineStage:
    action = CodepipelineStageAction(
        name="Source",
        namespace="Source",
        category="Source",
        owner="AWS",
        provider=source.provider,
        version="1",
        configuration=dict(source.configuration),
        output_artifacts=[_SOURCE],
    )
    return CodepipelineStage(name="Source", action=[action])


def _stage(stage: str, built_by: str) -> CodepipelineStage:
    """Register is given what Build made: its code, and which run of SageMaker it started."""
    title = stage.capitalize()
    told = {} if stage == "test" else {"EnvironmentVariables": _VARIABLES}
    action = CodepipelineStageAction(
        name=title,
        category="Test" if stage == "test" else "Build",
        owner="AWS",
        provider="CodeBuild",
        version="1",
        configuration={"ProjectName": built_by, **told},
        input_artifacts=[_BUILT if stage == "register" else _SOURCE],
        output_artifacts=[_BUILT] if stage == "build" else None,
    )
    back = CodepipelineStageOnFailure(result="ROLLBACK") if stage == "build" else None
    return CodepipelineStage(name=title, action=[action], on_failure=back)


def _pushed(branch: str) -> CodepipelineTrigger:
    branches = CodepipelineTriggerGitConfigurationPushBranches(includes=[branch])
    return CodepipelineTrigger(
        provider_type="CodeStarSourceConnection",
        git_configuration=CodepipelineTriggerGitConfiguration(
            source_action_name="Source", push=[CodepipelineTriggerGitConfigurationPush(branches=branches)]
        ),
    )
