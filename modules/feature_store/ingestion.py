"""Records in, schemas added to, tables kept up, and who is told when that fails: all of the central feature store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.s3_bucket_notification import S3BucketNotification
from constructs import Construct

from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.log_group import logs_may_use_key
from modules.core.naming import Naming
from modules.core.queue_worker import Work
from modules.core.topic import ALARMS, EVENTS, Topic
from modules.core.wiring import holder
from modules.feature_store.claims_table import ClaimsTable
from modules.feature_store.contract import FeaturesContract
from modules.feature_store.file_listener import FileListener
from modules.feature_store.group_alarms import GroupAlarms
from modules.feature_store.group_ingestion import GroupIngestion
from modules.feature_store.names import (
    INCOMING,
    INGEST_KEY,
    OFFLINE_BUCKET,
    SCHEMAS,
    group_arn,
    ingest_queue_arn,
    ingest_queue_names,
    queue_name,
)
from modules.feature_store.producer import Producer, key_statements
from modules.feature_store.settings import FILE_RUNS, SCHEMA_RUNS, FeatureGroupSpec, FeatureStoreSettings
from modules.feature_store.upkeep import Upkeep

SPLIT, EVOLVE = "feature-files", "feature-schemas"


class Ingestion(Construct):
    """What the central `groups` need once they are there. `key_arns` are the account's, by purpose.

    Records come by message (`GroupIngestion`), or by file: `incoming/<group>/` of the offline store's bucket takes
    JSON lines and CSV, which become messages. Schemas come from `schemas/`, where the stack of the groups writes them:
    when one changes, and every six hours all, as the first ones are written before anybody hears of them.
    A stream needs no way of its own: a producer that reads one sends what it reads. `operators` is the mailbox of those
    who run the store.

    Guarantees:
    - queues, dead letters, claims, logs and alarms are under one key of their own, which is opened to this account's
      log groups, rules and alarms, and to the producers' roles through SQS;
    - the function that splits files reads what was dropped and nothing else, and sends to the groups' queues alone;
    - the function that adds features changes the schemas of these groups, and can delete nothing;
    - dead letters, refused records, missing freshness and cost of a group are told to its owner; files and schemas that
      could not be worked on to `operators`.

    Controls: DATA-09, PLAT-03, PLAT-06, IAM-05 (NIST 800-53 AC-6, SI-4, SI-10).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: FeatureStoreSettings,
        groups: Sequence[FeatureGroupSpec],
        features: FeaturesContract,
        producers: Sequence[Producer],
        organization_id: str,
        key_arns: Mapping[str, str],
        boundary_arn: str,
        operators: str,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._groups, self._boundary_arn = naming, groups, boundary_arn
        self._offline_key_arn = key_arns["feature-offline"]
        self._key_arn = self._key(producers, organization_id)
        claims = ClaimsTable(self, "claims", naming=naming, key_arn=self._key_arn)
        # Scopes of their own: a group may be called like anything else here.
        ingesting, watching = Construct(self, "groups"), Construct(self, "alarms")
        for spec in groups:
            group = spec.feature_group
            ingestion = GroupIngestion(
                ingesting,
                group,
                naming=naming,
                settings=settings,
                spec=spec,
                claims=claims,
                producers=[each for each in producers if each.group == group],
                organization_id=organization_id,
                key_arn=self._key_arn,
                online_key_arn=key_arns["feature-online"],
                boundary_arn=boundary_arn,
            )
            GroupAlarms(
                watching,
                group,
                naming=naming,
                spec=spec,
                dead_letters=ingestion.worker.dead_letters_name,
                key_arn=self._key_arn,
            )
        S3BucketNotification(self, "events", bucket=naming.bucket(OFFLINE_BUCKET), eventbridge=True)
        self._watch({SPLIT: self._files(), EVOLVE: self._schemas()}, operators)
        Upkeep(self, "upkeep", naming=naming, groups=groups, features=features, boundary_arn=boundary_arn)

    def _watch(self, listeners: Mapping[str, FileListener], operators: str) -> None:
        naming = self._naming
        topic = Topic(
            self,
            "alerts",
            naming=naming,
            what="feature-operators",
            key_arn=self._key_arn,
            publishers={
                ALARMS: [naming.arn("cloudwatch", f"alarm:{naming.name(f'{what}-dead-letters')}") for what in listeners]
            },
            email=operators,
        )
        for what, listener in listeners.items():
            DeadLetterAlarm(
                self,
                f"{what}-dead-letters",
                naming=naming,
                what=what,
                queue=listener.worker.dead_letters_name,
                topic_arn=topic.arn,
            )

    def _key(self, producers: Sequence[Producer], organization_id: str) -> str:
        naming = self._naming
        own = {"StringEquals": {"aws:SourceAccount": naming.account_id}}
        rules = {"ArnLike": {"aws:SourceArn": naming.arn("events", f"rule/{naming.name('feature')}-*")}}
        services = [
            Statement(
                sid,
                actions=("kms:Decrypt", "kms:GenerateDataKey*"),
                resources=("*",),
                principals=service(name),
                conditions=conditions,
            )
            for sid, name, conditions in (
                ("RulesSendEncrypted", EVENTS, {**own, **rules}),
                ("AlarmsTellEncrypted", ALARMS, own),
            )
        ]
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=INGEST_KEY,
            statements=[
                logs_may_use_key(naming),
                *services,
                *key_statements(naming, producers, organization_id),
            ],
        )
        for producer in producers:
            producer.edge.render(holder(self), "key")
        return key.arn

    def _files(self) -> FileListener:
        naming, queues = self._naming, [ingest_queue_arn(self._naming, spec.feature_group) for spec in self._groups]
        return FileListener(
            self,
            "files",
            naming=naming,
            what=SPLIT,
            prefix=INCOMING,
            function="split_file",
            work=Work(batch=1, concurrency=FILE_RUNS, timeout_seconds=900, tries=3),
            key_arn=self._key_arn,
            boundary_arn=self._boundary_arn,
            environment={"QUEUE_NAME": ingest_queue_names(naming)},
            statements=[
                self._read("s3:GetObjectVersion", INCOMING),
                self._decrypt(),
                Statement(  # one for both: IAM bounds the length of a role's policies
                    "SendRecords",
                    actions=("sqs:GetQueueUrl", "sqs:SendMessage"),
                    resources=(*queues, naming.arn("sqs", queue_name(naming, SPLIT))),
                ),
            ],
        )

    def _schemas(self) -> FileListener:
        return FileListener(
            self,
            "schemas",
            naming=self._naming,
            what=EVOLVE,
            prefix=SCHEMAS,
            function="evolve_group",
            # SageMaker takes minutes to add features; six times the timeout lies between two tries.
            work=Work(batch=1, concurrency=SCHEMA_RUNS, timeout_seconds=120, tries=10),
            key_arn=self._key_arn,
            boundary_arn=self._boundary_arn,
            again="rate(6 hours)",
            statements=[
                self._read("s3:GetObject", SCHEMAS),
                self._decrypt(),
                Statement(
                    "FindSchemas",
                    actions=("s3:ListBucket",),
                    resources=(self._naming.bucket_arn(OFFLINE_BUCKET),),
                    conditions={"StringLike": {"s3:prefix": f"{SCHEMAS}*"}},
                ),
                Statement(
                    "SendToOwnQueue",
                    actions=("sqs:SendMessage",),
                    resources=(self._naming.arn("sqs", queue_name(self._naming, EVOLVE)),),
                ),
                Statement(
                    "AddFeatures",
                    actions=(
                        "sagemaker:DescribeFeatureGroup",
                        "sagemaker:DescribeFeatureMetadata",
                        "sagemaker:UpdateFeatureGroup",
                        "sagemaker:UpdateFeatureMetadata",
                    ),
                    resources=[group_arn(self._naming, spec.feature_group) for spec in self._groups],
                ),
            ],
        )

    def _read(self, action: str, prefix: str) -> Statement:
        return Statement(
            "ReadWhatAppears",
            actions=(action,),
            resources=(f"{self._naming.bucket_arn(OFFLINE_BUCKET)}/{prefix}*",),
        )

    def _decrypt(self) -> Statement:
        return Statement(
            "DecryptWhatAppears",
            actions=("kms:Decrypt",),
            resources=(self._offline_key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{self._naming.region}.amazonaws.com"}},
        )
