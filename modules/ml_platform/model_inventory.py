"""The inventory of the model registry: what models there are, in which state, since when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from cdktf_cdktf_provider_aws.athena_named_query import AthenaNamedQuery
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.assets import Archive
from modules.core.bucket import Bucket, Retention
from modules.core.function import Function
from modules.core.iam import Statement, account_root
from modules.core.invocation import Invocation
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.workgroup import Workgroup
from modules.ml_platform.functions.take_inventory.snapshot import GROUPS, NAMESPACE
from modules.ml_platform.inventory_dashboard import InventoryDashboard
from modules.ml_platform.inventory_queries import queries
from modules.ml_platform.inventory_tables import DATABASE, ROWS, InventoryTables
from modules.ml_platform.models_settings import InventorySettings
from modules.ml_platform.names import INVENTORY, INVENTORY_READER, INVENTORY_ROWS, model_group_name
from modules.ml_platform.registered_model import RegisteredModel, ReleasesTable

LOG_DAYS = 365
_SOURCES = Path(__file__).parent / "functions" / "take_inventory"
_EXPIRED_DAYS = 30
_CHANGED = {"source": ["aws.sagemaker"], "detail-type": ["SageMaker Model Package State Change"]}


class ModelInventory(Construct):
    """Takes the inventory of this account's registry, keeps it by day, and shows it.

    `models` are those that are declared: what else is in the registry is shown as nobody's. `key_arn` is of what is
    written, `logs_key_arn` of the function. `governed`: Lake Formation is in charge of the account's catalogue, so that
    the reader needs its grants, too. `releases` says what is live, None where nothing is released from the registry.

    Guarantees:
    - it is taken every day, and whenever a version is registered or its approval changes;
    - the function reads the registry and what is live, and can change neither; it writes inventories and nothing else;
    - it is queried as one role, by the people whom the settings name, in one workgroup;
    - the dashboard has every team, one with no model, too.

    Controls: PLAT-03, PLAT-06, DATA-15, IAM-05 (NIST 800-53 CM-8, PM-5, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: InventorySettings,
        models: Sequence[RegisteredModel],
        keep_results_days: int,
        key_arn: str,
        logs_key_arn: str,
        boundary_arn: str,
        governed: bool,
        releases: ReleasesTable | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._key_arn, self._boundary_arn = naming, key_arn, boundary_arn
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=INVENTORY_ROWS,
            key_arn=key_arn,
            retention=Retention(noncurrent_days=_EXPIRED_DAYS, expire_after_days=settings.keep_days),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=INVENTORY_ROWS).name,
        )
        self._function(models, bucket, logs_key_arn, settings.hour_utc, releases)
        tables = InventoryTables(self, "tables", naming=naming, bucket=bucket.name, keep_days=settings.keep_days)
        workgroup = Workgroup(
            self,
            "workgroup",
            naming=naming,
            what=INVENTORY,
            key_arn=key_arn,
            scan_limit_gb=settings.scan_limit_gb,
            keep_results_days=keep_results_days,
        )
        for name, (description, sql) in queries(DATABASE).items():
            AthenaNamedQuery(
                self,
                name,
                name=name,
                description=description,
                workgroup=workgroup.name,
                database=tables.name,
                query=sql,
            )
        reader = Role(
            self,
            "reader",
            naming=naming,
            what=INVENTORY_READER,
            description="People ask as this role which models there are",
            trust=[_readers(naming, settings.readers)],
            boundary_arn=boundary_arn,
            statements=[*_read(naming, bucket.arn), *workgroup.statements],
        )
        if governed:
            tables.grant(reader.arn)
        InventoryDashboard(self, "dashboard", naming=naming, teams=sorted({model.team for model in models}))

    def _function(
        self,
        models: Sequence[RegisteredModel],
        bucket: Bucket,
        logs_key_arn: str,
        hour: int,
        releases: ReleasesTable | None,
    ) -> None:
        naming = self._naming
        declared = {
            model_group_name(naming, model.team, model.project): {
                "team": model.team,
                "project": model.project,
                "places": list(model.places),
            }
            for model in models
        }
        groups = f"{json.dumps(declared, indent=1, sort_keys=True)}\n".encode()
        function = Function(
            self,
            "function",
            naming=naming,
            what=INVENTORY,
            source=Archive.of_package(_SOURCES, {GROUPS: groups}),
            handler="modules.ml_platform.functions.take_inventory.handler.handle",
            key_arn=logs_key_arn,
            boundary_arn=self._boundary_arn,
            retention_days=LOG_DAYS,
            statements=[*_take(naming, bucket.arn, self._key_arn), *(releases.statements if releases else ())],
            environment={"BUCKET": bucket.name, **({"RELEASES": releases.name} if releases else {})},
            timeout_seconds=600,
            concurrency=1,
        )
        self.dead_letters = function.dead_letters_name
        for id_, what, description, pattern, schedule in (
            ("daily", "daily", "An inventory of models is taken every day", None, f"cron(30 {hour} * * ? *)"),
            ("changed", "changed", "An inventory of models is taken when one changes", _CHANGED, None),
        ):
            Invocation(
                self,
                id_,
                naming=naming,
                what=f"{INVENTORY}-{what}",
                description=description,
                function=function.name,
                function_arn=function.arn,
                pattern=pattern,
                schedule=schedule,
            )


def _take(naming: Naming, bucket_arn: str, key_arn: str) -> Sequence[Statement]:
    via = {"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}}
    return (
        # These listings have no resources in IAM.
        Statement(
            "ListRegistry",
            actions=("sagemaker:ListModelCards", "sagemaker:ListModelPackageGroups"),
            resources=("*",),
        ),
        Statement(
            "ListVersions",
            actions=("sagemaker:ListModelPackages",),
            resources=[naming.arn("sagemaker", f"model-{what}/*") for what in ("package", "package-group")],
        ),
        Statement(
            "WriteInventory", actions=("s3:PutObject",), resources=[f"{bucket_arn}/{table}/day=*" for table in ROWS]
        ),
        Statement("EncryptInventory", actions=("kms:GenerateDataKey",), resources=(key_arn,), conditions=via),
        Statement(  # CloudWatch knows no resources here, but the namespace
            "Measure",
            actions=("cloudwatch:PutMetricData",),
            resources=("*",),
            conditions={"StringEquals": {"cloudwatch:namespace": NAMESPACE}},
        ),
    )


def _readers(naming: Naming, readers: Sequence[str]) -> Statement:
    patterns = [naming.arn("iam", f"role/{pattern}", region=False) for pattern in readers]
    return Statement(
        "WhoAsks",
        actions=("sts:AssumeRole",),
        principals=account_root(naming.partition, naming.account_id),
        conditions={"ArnLike": {"aws:PrincipalArn": patterns}},
    )


def _read(naming: Naming, bucket_arn: str) -> Sequence[Statement]:
    catalogue = ("catalog", f"database/{DATABASE}", *(f"table/{DATABASE}/{table}" for table in ROWS))
    return (
        Statement(
            "FindInventory",
            actions=("glue:GetDatabase", "glue:GetDatabases", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"),
            resources=[naming.arn("glue", what) for what in catalogue],
        ),
        Statement("ReadInventory", actions=("s3:GetObject",), resources=(f"{bucket_arn}/*",)),
        Statement("ListInventory", actions=("s3:ListBucket",), resources=(bucket_arn,)),
    )
