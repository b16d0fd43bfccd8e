"""How records get into one feature group."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from constructs import Construct

from modules.core.assets import Archive
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.queue_worker import QueueWorker, Work
from modules.core.wiring import holder
from modules.feature_store.claims_table import ClaimsTable
from modules.feature_store.documents import ingest_document
from modules.feature_store.names import group_arn, group_name, ingest_queue
from modules.feature_store.producer import Producer, queue_statements
from modules.feature_store.settings import FeatureGroupSpec, FeatureStoreSettings

_PACKAGE = "modules.feature_store.functions.ingest_records"
_SOURCES = Path(__file__).parent / "functions" / "ingest_records"
TIMEOUT_SECONDS = 120
TRIES = 5
DAY_SECONDS = 86_400


class GroupIngestion(Construct):
    """The queue `<group>-ingest`, and the function that checks each of its records and writes it into the group.

    A group has a function of its own: its role writes into this group alone, its concurrency is taken from no other
    group, and what is to be checked stands in its archive, whose hash changes with it.

    Guarantees:
    - a record that breaks a rule of the group's file is not written, and lies in the dead-letter queue with the rule;
    - the same record sent twice within `remember_days` is written once; what a run that died left, the next one writes;
    - producers are roles that are named, of accounts of this organisation;
    - the role may put records into this group, claim records of this group, and read no feature.

    Controls: PLAT-03, PLAT-06, IAM-05 (NIST 800-53 AC-6, SI-10).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: FeatureStoreSettings,
        spec: FeatureGroupSpec,
        claims: ClaimsTable,
        producers: Sequence[Producer],
        organization_id: str,
        key_arn: str,
        online_key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        group = spec.feature_group
        self.worker = QueueWorker(
            self,
            "records",
            naming=naming,
            what=ingest_queue(group),
            archive=Archive.of_package(_SOURCES, {"group.json": ingest_document(naming, spec).encode()}),
            handler=f"{_PACKAGE}.handler.handle",
            work=Work(settings.ingest_batch, settings.ingest_concurrency, TIMEOUT_SECONDS, TRIES),
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            environment={
                "CLAIMS_TABLE": claims.name,
                # A run is over after its timeout: so no two runs write one record at once.
                "LEASE_SECONDS": str(TIMEOUT_SECONDS),
                "REMEMBER_SECONDS": str(settings.remember_days * DAY_SECONDS),
            },
            statements=[
                Statement("PutRecords", actions=("sagemaker:PutRecord",), resources=(group_arn(naming, group),)),
                claims.statement(f"{group_name(naming, group)}#"),
                *_online_key(naming, spec, online_key_arn),
            ],
            senders=queue_statements(naming, group, producers, organization_id),
        )
        for producer in producers:
            producer.edge.render(holder(self), "queue")


def _online_key(naming: Naming, spec: FeatureGroupSpec, key_arn: str) -> list[Statement]:
    """SageMaker uses the key of the online store as the caller (API reference, OnlineStoreSecurityConfig)."""
    if spec.online is None:
        return []
    return [
        Statement(
            "UseOnlineStore",
            actions=("kms:Decrypt",),
            resources=(key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"sagemaker.{naming.region}.amazonaws.com"}},
        )
    ]
