"""The build of a project: from source to a registered model, in its team's dev account."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cdktf import Fn, Token
from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_use_case import names
from modules.ml_use_case.build_notices import BuildNotices
from modules.ml_use_case.build_permissions import upserts, verifies
from modules.ml_use_case.build_pipeline import BuildPipeline, handed_on
from modules.ml_use_case.build_settings import BuildSettings
from modules.ml_use_case.build_source import Connection, Repository, SourceAction
from modules.ml_use_case.build_stage import BuildPlace, BuildStage
from modules.ml_use_case.build_triggers import BuildTriggers
from modules.ml_use_case.dataset import Dataset
from modules.ml_use_case.model_group import ModelGroup
from modules.ml_use_case.project_bucket import ProjectBucket
from modules.ml_use_case.project_document import VARIABLE, JobPlace, project_document
from modules.ml_use_case.project_settings import ProjectSpec

_PARAMETER_LIMIT = 8192  # bytes of an advanced parameter
_ASSIGNED = 700  # bytes at most that AWS assigns: ARNs of keys, up to nine subnets, where references stand before
_SUBNETS = "<subnets>"


class Build(Construct):
    """What the project needs to learn, be judged and be registered, over and over; `owner` answers for it.

    `model_group` is what its registry is called, in dev and centrally. `install` is what lets a stage install packages
    of the platform, and `packages` the variables that say from where. `reader` as in `ModelGroup`, which is made unless
    the account's central registry has it (`registered_here`).

    Guarantees:
    - seed code is told everything by one parameter, which keeps to `templates/settings.schema.json`;
    - Test has no permission on data, models or settings: it runs code that nobody has read yet;
    - Build changes and starts this project's SageMaker pipeline and no other, and hands it the team's role for jobs
      and no other;
    - Register reads what the run came to, and can register or approve nothing itself;
    - the owner hears of failures.

    Controls: CICD-01 to CICD-05, IAM-01, SM-44 (NIST 800-53 AC-5, AC-6, CM-3). Raises ConfigError when the settings
    are longer than a parameter may be.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: BuildSettings,
        project: ProjectSpec,
        owner: str,
        dataset: Dataset,
        model_group: str,
        people: Sequence[str],
        jobs: str,
        tags: dict[str, str],
        network: SpokeContract,
        keys: BaselineContract,
        boundary_arn: str,
        install: Sequence[Statement] = (),
        packages: dict[str, str] | None = None,
        reader: tuple[ForeignRole, Edge] | None = None,
        registered_here: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        name, artifacts = project.project, keys.key_arns["artifacts"]
        role_arns = [naming.role_arn(role) for role in people]
        bucket = ProjectBucket(
            self,
            "bucket",
            naming=naming,
            project=name,
            key_arn=artifacts,
            keep_days=settings.keep_days,
            people=role_arns,
            jobs=naming.role_arn(jobs),
            reader=reader,
        )
        if registered_here:
            ModelGroup(
                self,
                "models",
                naming=naming,
                what=model_group,
                description=f"Versions of {name}, which {project.team} builds",
                tags=tags,
                reader=reader,
            )
        source = self._source(naming, settings, project, artifacts)
        place = BuildPlace(
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids,
            security_group_ids=[network.workload_security_group_id],
            bucket_arn=bucket.arn,
            artifact_key_arn=artifacts,
            log_key_arn=keys.key_arns["account-logs"],
            boundary_arn=boundary_arn,
        )
        jobs_at = JobPlace(
            owner=owner,
            role_arn=naming.role_arn(jobs),
            output_key_arn=artifacts,
            volume_key_arn=keys.key_arns["data"],
            subnet_ids=(_SUBNETS,),
            security_group_ids=place.security_group_ids,
            model_group=naming.name(model_group),
            tags=tags,
        )
        parameter = names.settings_parameter(naming, project.project)
        self._tell(parameter, naming, project, dataset, jobs_at, network.private_subnet_ids)
        pipeline_arn = naming.arn("sagemaker", f"pipeline/{names.pipeline(naming, name)}")
        allowed = {
            "test": (),
            "build": upserts(pipeline_arn, naming.role_arn(jobs), bucket.arn),
            "register": verifies(naming, pipeline_arn, naming.name(model_group)),
        }
        minutes = {
            "test": settings.test_minutes,
            "build": settings.build_minutes,
            "register": settings.register_minutes,
        }
        stages = {
            what: BuildStage(
                self,
                what,
                naming=naming,
                settings=settings,
                project=name,
                what=what,
                minutes=minutes[what],
                place=place,
                handed_on=handed_on(naming, name),
                environment=packages or {},
                parameters={} if what == "test" else {VARIABLE: parameter},
                statements=[*statements, *install],
            ).name
            for what, statements in allowed.items()
        }
        pipeline = BuildPipeline(
            self,
            "pipeline",
            naming=naming,
            project=name,
            source=source,
            branch=project.source.branch,
            stages=stages,
            place=place,
            bucket=bucket.name,
        )
        notices = BuildNotices(
            self, "notices", naming=naming, project=name, owner=owner, key_arn=keys.key_arns["messages"]
        )
        BuildTriggers(
            self,
            "triggers",
            naming=naming,
            project=name,
            pipeline_arn=pipeline.arn,
            repository_arn=source.pushed,
            branch=project.source.branch,
            schedule=project.schedule,
            boundary_arn=boundary_arn,
            key_arn=artifacts,
            dead_letters=notices.dead_letters,
            message_key_arn=keys.key_arns["messages"],
        )

    def _source(self, naming: Naming, settings: BuildSettings, project: ProjectSpec, key_arn: str) -> SourceAction:
        source = project.source
        if source.repository is None:
            return Repository(
                self,
                "repository",
                naming=naming,
                project=project.project,
                team=project.team,
                source=source,
                key_arn=key_arn,
                approvals=settings.approvals,
            ).action
        return Connection(
            self,
            "connection",
            naming=naming,
            project=project.project,
            source=source,
            repository=source.repository,
        ).action

    def _tell(
        self,
        parameter: str,
        naming: Naming,
        project: ProjectSpec,
        dataset: Dataset,
        place: JobPlace,
        subnet_ids: list[str],
    ) -> None:
        """Write the settings to `parameter`. Subnets are a list that AWS knows: Terraform writes it in."""
        document = project_document(naming, project, dataset, place)
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        if (length := len(text.encode()) + _ASSIGNED) > _PARAMETER_LIMIT:
            raise ConfigError(
                f"projects/{project.project}.yaml: the project's settings have {length} bytes, and a parameter takes "
                f"{_PARAMETER_LIMIT}: shorten its texts, join fewer features, or name the columns that are needed"
            )
        listed = Token.as_string(Fn.jsonencode(subnet_ids))
        SsmParameter(
            self,
            "settings",
            name=parameter,
            description=f"Settings of the project {project.project}, for its build",
            type="String",
            tier="Advanced",
            value=text.replace(json.dumps([_SUBNETS]), listed, 1),
        )
