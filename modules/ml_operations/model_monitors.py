"""The monitors of a served model, each by the baselines of the version that is served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cdktf import Fn, ITerraformDependable, TerraformCount, TerraformLocal
from cdktf_cdktf_provider_aws.data_aws_sagemaker_prebuilt_ecr_image import DataAwsSagemakerPrebuiltEcrImage
from cdktf_cdktf_provider_aws.s3_object import S3Object
from cdktf_cdktf_provider_aws.sagemaker_monitoring_schedule import (
    SagemakerMonitoringSchedule,
    SagemakerMonitoringScheduleMonitoringScheduleConfig,
    SagemakerMonitoringScheduleMonitoringScheduleConfigScheduleConfig,
)
from constructs import Construct

from modules.core.cloud_control.monitor_definition import MonitorDefinition, WatchedKind
from modules.core.naming import Naming
from modules.core.object_tags import no_tags
from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations import names
from modules.ml_operations.data_quality_definition import DataQualityDefinition
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.model_version import NEW_FIRST, ModelVersion
from modules.ml_operations.monitor_plan import (
    ANALYZER,
    CLARIFY,
    WORDS,
    Json,
    Known,
    Watched,
    analysis,
    as_json,
    definition,
    text,
)
from modules.ml_operations.monitoring_settings import MonitoringSettings

_SCRIPT = Path(__file__).with_name("monitors") / "preprocess.py"
_CLARIFY_TAG = ":1.0"  # of the analyzer AWS has one tag, the default
_CLOUD_CONTROL: Mapping[MonitorKind, WatchedKind] = {
    "model-quality": "ModelQuality",
    "model-bias": "ModelBias",
    "model-explainability": "ModelExplainability",
}


class ModelMonitors(Construct):
    """Watches a served model by each of `kinds` that its version has baselines of.

    `version` is the one that is served, `model` the reference to the name of its model, `jobs` the ARN of the role as
    which jobs work, `after` what must be served before. Bias and explanations need the names of what the model is asked
    by: they are watched only where the version tells them.

    Guarantees:
    - a job runs in the VPC, on disks and with results under keys of the account, encrypted between its machines, and
      is isolated from every network but for explanations;
    - another version, or other settings, make another definition beside the old one, which then ends;
    - without a version there is no monitor.

    Controls: SM-33, SM-48, SM-49 (NIST 800-53 CA-7, SC-7, SC-8, SI-4).
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: MonitoringSettings,
        project: str,
        kinds: Sequence[MonitorKind],
        watched: Watched,
        version: ModelVersion,
        model: str,
        jobs: str,
        tags: Mapping[str, str],
        network: SpokeContract,
        keys: BaselineContract,
        after: Sequence[ITerraformDependable],
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._settings, self._project, self._watched = naming, settings, project, watched
        self._tags, self._network, self._keys, self._after = tags, network, keys, after
        self._role_arn, self._version = jobs, version
        if not kinds:
            return
        self._subnets = self._local("subnets", Fn.jsonencode(network.private_subnet_ids))
        self._columns = self._local("columns", f"${{jsonencode({version.columns})}}")
        # While no version is served there is no model to ask.
        self._model = self._local("model", f'${{try({model.removeprefix("${").removesuffix("}")}, "")}}')
        # As JMESPath wants names that may hold hyphens.
        quoted = f'join(", ", [for column in {version.columns} : jsonencode(column)])'
        self._features = self._local("features", f'${{jsonencode(format("[*].[%s]", {quoted}))}}')
        self._script = self._file("script", "preprocess.py", _SCRIPT.read_text(), "text/x-python")
        for kind in kinds:
            self._watch(kind)

    def _watch(self, kind: MonitorKind) -> None:
        scope, version = Construct(self, kind), self._version
        needs_columns = kind in ("model-bias", "model-explainability")
        condition = version.has_baseline(kind)
        count = version.count(f"({condition}) && length({version.columns}) > 0" if needs_columns else condition)
        config, after = "", list(self._after)
        if needs_columns:
            config, file = self._analysis(kind, count)
            after.append(file)
        known = Known(
            files=version.value("files"),
            image=self._image(scope, kind),
            script=self._uri("preprocess.py"),
            config=config,
            subnets=as_json(self._subnets),
            features=as_json(self._features),
        )
        keys = self._keys.key_arns
        plan = definition(
            kind,
            self._watched,
            known,
            self._settings,
            role_arn=self._role_arn,
            security_group_id=self._network.workload_security_group_id,
            volume_key_arn=keys["data"],
            output_key_arn=keys["endpoint"],
        )
        whole = self._local(f"{kind}-plan", text(plan))
        schedule = names.monitor(self._naming, self._project, kind)
        name = f"{schedule}-${{substr(sha256({whole}), 0, {names.DEFINITION_HASH})}}"
        made: ITerraformDependable
        if kind == "data-quality":
            made = DataQualityDefinition(
                scope,
                "job",
                name=name,
                plan=plan,
                subnet_ids=self._network.private_subnet_ids,
                tags=self._tags,
                count=count,
                after=after,
            ).made
        else:
            made = MonitorDefinition(
                scope, "job", kind=_CLOUD_CONTROL[kind], desired=text(self._named(name, plan)), count=count, after=after
            ).made
        SagemakerMonitoringSchedule(
            scope,
            "schedule",
            name=schedule,
            monitoring_schedule_config=SagemakerMonitoringScheduleMonitoringScheduleConfig(
                monitoring_job_definition_name=name,
                monitoring_type=WORDS[kind],
                schedule_config=SagemakerMonitoringScheduleMonitoringScheduleConfigScheduleConfig(
                    schedule_expression=self._settings.by_kind[kind].schedule
                ),
            ),
            tags=dict(self._tags),
            count=count,
            depends_on=[made],
        )

    def _named(self, name: str, plan: Json) -> Json:
        tags = [{"Key": key, "Value": value} for key, value in sorted(self._tags.items())]
        return {"JobDefinitionName": name, **plan, "Tags": tags}

    def _analysis(self, kind: MonitorKind, count: TerraformCount) -> tuple[str, ITerraformDependable]:
        """The URI of Clarify's configuration, which changes with its content, and what uploads it."""
        wanted = analysis(
            kind, self._watched, self._settings, columns=as_json(self._columns), model=f"${{{self._model}}}"
        )
        content = self._local(f"{kind}-analysis", text(wanted))
        name = f"{kind}-${{substr(sha256({content}), 0, {names.DEFINITION_HASH})}}.json"
        made = self._file(f"{kind}-file", name, f"${{{content}}}", "application/json", count)
        return self._uri(name), made

    def _image(self, scope: Construct, kind: MonitorKind) -> str:
        """AWS's container in this region; the provider knows the account, and asks nobody."""
        clarify = kind in ("model-bias", "model-explainability")
        repository = CLARIFY if clarify else ANALYZER
        digest = self._settings.clarify_digest if clarify else self._settings.analyzer_digest
        found = DataAwsSagemakerPrebuiltEcrImage(scope, "image", repository_name=repository)
        suffix = "amazonaws.com.cn" if self._naming.partition == "aws-cn" else "amazonaws.com"
        version = f"@{digest}" if digest else (_CLARIFY_TAG if clarify else "")
        return f"{found.registry_id}.dkr.ecr.{self._naming.region}.{suffix}/{repository}{version}"

    def _file(
        self, id_: str, name: str, content: str, content_type: str, count: TerraformCount | None = None
    ) -> S3Object:
        return S3Object(
            self,
            id_,
            bucket=self._watched.bucket,
            key=f"{names.STACK}{names.MONITORS}{name}",
            content=content,
            content_type=content_type,
            server_side_encryption="aws:kms",
            kms_key_id=self._keys.key_arns["endpoint"],
            bucket_key_enabled=True,
            override_provider=no_tags(),
            count=count,
            lifecycle=NEW_FIRST,
        )

    def _uri(self, name: str) -> str:
        return f"s3://{self._watched.bucket}/{names.STACK}{names.MONITORS}{name}"

    def _local(self, id_: str, value: object) -> str:
        """The name of a local value, by which expressions call it."""
        return f"local.{TerraformLocal(self, id_, value).friendly_unique_id}"
