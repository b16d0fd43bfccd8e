"""The pipeline in CodePipeline that brings approved versions of one model to test and production."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.codepipeline import (
    Codepipeline,
    CodepipelineArtifactStore,
    CodepipelineArtifactStoreEncryptionKey,
    CodepipelineStage,
    CodepipelineStageAction,
    CodepipelineStageOnFailure,
    CodepipelineStageOnFailureRetryConfiguration,
    CodepipelineVariable,
)
from constructs import Construct

from modules.core.build_statements import trusts_codepipeline
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.role import Role
from modules.ml_operations import names
from modules.ml_operations.release_stages import Step

# The variable that a release is started with.
VARIABLE = "MODEL_PACKAGE_ARN"
_SOURCE, _PREPARED, _TESTED, _PASSPORT, _VERIFIED = "source", "prepared", "tested", "passport", "verified"
_TOLD = (
    '[{"name":"EXECUTION_ID","value":"#{codepipeline.PipelineExecutionId}","type":"PLAINTEXT"},'
    f'{{"name":"{VARIABLE}","value":"#{{variables.{VARIABLE}}}","type":"PLAINTEXT"}}]'
)
# Stages that only read may be tried again by themselves: AWS may have been at fault.
_TRIED_AGAIN: tuple[Step, ...] = ("Prepare", "Passport")


class ReleasePipeline(Construct):
    """The pipeline `release--<project>`, with the stages `steps`. `builds`: what a build is -> its name in CodeBuild.

    Releases wait for each other (QUEUED). SUPERSEDED would drop a version that waits for its approval as soon as the
    next comes, and what is deployed would be what nobody looked at; PARALLEL would let two change one state.

    Guarantees:
    - nothing starts it by itself: its source is polled by nobody and no event is its trigger;
    - a version reaches production through every stage before: tests, passport, and a person's approval, who is told
      which version and which passport;
    - a release that waits longer for its approval than `approval_minutes` fails, so that those behind it move;
    - what fails in production, be it the deployment or its verification, is taken back to the version that was
      released last, where one was; what fails in test stays there, to be looked at;
    - artefacts are encrypted under `key_arn`; its role starts these builds, tells this topic and keeps these artefacts:
      it can approve nothing.

    Controls: CICD-05, CICD-06, IAM-01 (NIST 800-53 AC-5, AC-6, CM-3, SC-28).
    https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        team: str,
        steps: Sequence[Step],
        builds: Mapping[str, str],
        bucket: str,
        source_key: str,
        topic_arn: str,
        approval_minutes: int,
        key_arn: str,
        message_key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        name = names.pipeline(naming, project)
        self.arn = naming.arn("codepipeline", name)
        role = Role(
            self,
            "role",
            naming=naming,
            what=names.build_role(project, "pipeline"),
            description=f"Releases of {project}, from stage to stage",
            trust=[trusts_codepipeline(naming, self.arn)],
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "RunBuilds",
                    actions=("codebuild:BatchGetBuilds", "codebuild:StartBuild"),
                    resources=[
                        naming.arn("codebuild", f"project/{naming.name(names.build_role(project, what))}")
                        for what in builds
                    ],
                ),
                Statement(
                    "KeepArtefacts",
                    actions=("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
                    resources=(f"{naming.bucket_arn(names.release_bucket(project))}/*",),
                ),
                Statement(
                    "SeeBucket",
                    actions=("s3:GetBucketLocation", "s3:GetBucketVersioning"),
                    resources=(naming.bucket_arn(names.release_bucket(project)),),
                ),
                Statement(
                    "UseKeys",
                    actions=("kms:Decrypt", "kms:GenerateDataKey"),
                    resources=(key_arn, message_key_arn),
                ),
                Statement("AskForApproval", actions=("sns:Publish",), resources=(topic_arn,)),
            ],
        )
        actions = _Actions(project, builds, bucket, source_key, topic_arn, approval_minutes)
        store = CodepipelineArtifactStore(
            type="S3",
            location=bucket,
            encryption_key=CodepipelineArtifactStoreEncryptionKey(id=key_arn, type="KMS"),
        )
        variable = CodepipelineVariable(name=VARIABLE, description="The ARN of the central version to be released")
        self.name = Codepipeline(
            self,
            "pipeline",
            name=name,
            role_arn=role.arn,
            pipeline_type="V2",
            execution_mode="QUEUED",
            artifact_store=[store],
            variable=[variable],
            stage=[
                CodepipelineStage(name=step, action=actions.of(step), on_failure=_on_failure(step)) for step in steps
            ],
            tags={"Team": team, "Project": project},  # by the team's tag its lead may approve
            depends_on=[role.whole],
        ).name


class _Actions:
    """The actions of each stage."""

    def __init__(
        self,
        project: str,
        builds: Mapping[str, str],
        bucket: str,
        source_key: str,
        topic_arn: str,
        approval_minutes: int,
    ) -> None:
        self._project, self._builds = project, builds
        self._bucket, self._source_key = bucket, source_key
        self._topic_arn, self._approval_minutes = topic_arn, approval_minutes

    def of(self, step: Step) -> list[CodepipelineStageAction]:
        match step:
            case "Source":
                return [self._source()]
            case "Prepare":
                return [self._build("Prepare", "prepare", (), _PREPARED, namespace="Prepare")]
            case "DeployTest":
                return [self._build("DeployTest", "deploy-test", (_PREPARED,))]
            case "IntegrationTest":
                return [self._build("IntegrationTest", "verify-test", (_PREPARED,), _TESTED, category="Test")]
            case "Passport":
                tested = (_TESTED,) if "verify-test" in self._builds else ()
                return [self._build("Passport", "passport", (_PREPARED, *tested), _PASSPORT, namespace="Passport")]
            case "Approve":
                return [self._approval()]
            case "DeployProd":
                return [
                    self._build("DeployProd", "deploy-prod", (_PASSPORT,)),
                    self._build("VerifyProd", "verify-prod", (_PASSPORT,), _VERIFIED, category="Test", order=2),
                ]

    def _source(self) -> CodepipelineStageAction:
        return CodepipelineStageAction(
            name="Source",
            category="Source",
            owner="AWS",
            provider="S3",
            version="1",
            configuration={
                "S3Bucket": self._bucket,
                "S3ObjectKey": self._source_key,
                "PollForSourceChanges": "false",
            },
            output_artifacts=[_SOURCE],
        )

    def _build(
        self,
        title: str,
        what: str,
        takes: Sequence[str],
        gives: str | None = None,
        *,
        category: str = "Build",
        namespace: str | None = None,
        order: int = 1,
    ) -> CodepipelineStageAction:
        return CodepipelineStageAction(
            name=title,
            namespace=namespace,
            category=category,
            owner="AWS",
            provider="CodeBuild",
            version="1",
            run_order=order,
            configuration={
                "ProjectName": self._builds[what],
                "PrimarySource": _SOURCE,
                "EnvironmentVariables": _TOLD,
            },
            input_artifacts=[_SOURCE, *takes],
            output_artifacts=[gives] if gives else None,
        )

    def _approval(self) -> CodepipelineStageAction:
        return CodepipelineStageAction(
            name="Approve",
            category="Approval",
            owner="AWS",
            provider="Manual",
            version="1",
            timeout_in_minutes=self._approval_minutes,
            configuration={
                "NotificationArn": self._topic_arn,
                "CustomData": f"May version #{{Prepare.VERSION}} of {self._project} serve production? Its passport has "
                "the SHA-256 #{Passport.PASSPORT_SHA256}",
            },
        )


def _on_failure(step: Step) -> CodepipelineStageOnFailure | None:
    if step == "DeployProd":
        return CodepipelineStageOnFailure(result="ROLLBACK")
    if step in _TRIED_AGAIN:
        again = CodepipelineStageOnFailureRetryConfiguration(retry_mode="FAILED_ACTIONS")
        return CodepipelineStageOnFailure(result="RETRY", retry_configuration=again)
    return None
