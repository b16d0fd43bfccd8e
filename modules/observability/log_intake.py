"""Where log groups of the organisation's accounts arrive, in one region."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_log_stream import CloudwatchLogStream
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStream,
    KinesisFirehoseDeliveryStreamExtendedS3Configuration,
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationCloudwatchLoggingOptions,
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationDynamicPartitioningConfiguration,
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfiguration,
    KinesisFirehoseDeliveryStreamServerSideEncryption,
)
from cdktf_cdktf_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessors as _Processor,
)
from cdktf_cdktf_provider_aws.kinesis_firehose_delivery_stream import (
    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorsParameters as _Parameter,
)
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.log_group import LogGroup, logs_may_use_key
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.role import Role
from modules.observability.contract import LogArchiveContract
from modules.observability.intake_settings import LogIntakeSettings
from modules.observability.log_destination import LogDestination
from modules.observability.names import FAILED_LOG_GROUPS, INTAKE, LOG_GROUPS, intake_log_group, intake_role

FIREHOSE = "firehose.amazonaws.com"
_LOG_STREAM = "delivery"


class LogIntake(Construct):
    """The destination `<organisation>-<environment>-log-groups`, and the stream from it to the log bucket.

    `logs` lies in the same account, in the home region `home`: a stream delivers to a bucket of another region.
    Firehose unpacks what CloudWatch Logs sends and reads the account out of it, so that no code of ours stands in
    between. Each line of an object is one delivery of a log stream: whose, of which group, with its events.

    Guarantees:
    - accounts of this organisation alone may send (`LogDestination`);
    - objects lie below `log-groups/account=<id>/region=<region>/day=<yyyy-mm-dd>/`, compressed;
    - what is not understood lies below `log-groups-failed/`, and nothing is dropped;
    - the stream is encrypted by a key of this region, objects by that of the log bucket;
    - its role writes below these two prefixes and can delete nothing;
    - an alarm is raised when the oldest event waits for longer than `late_after_seconds`.

    Controls: LOG-05, LOG-03, DATA-04 (FSBP DataFirehose.1; NIST 800-53 AU-4(1), AU-6(4), AU-9(2), SC-28).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions-Firehose-Account.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: LogIntakeSettings,
        logs: LogArchiveContract,
        home: str,
        organization_id: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(INTAKE)
        key_arn = Key(self, "key", naming=naming, purpose=INTAKE, statements=[logs_may_use_key(naming)]).arn
        group = LogGroup(
            self, "log", name=intake_log_group(naming), key_arn=key_arn, retention_days=settings.log_days
        ).name
        log_stream = CloudwatchLogStream(self, "log-stream", name=_LOG_STREAM, log_group_name=group).name
        stream_arn = naming.arn("firehose", f"deliverystream/{name}")
        writer = Role(
            self,
            "writer",
            naming=naming,
            what=intake_role(naming.region),
            description=f"How log groups of {naming.region} reach the log bucket",
            trust=[
                Statement(
                    "Firehose",
                    actions=("sts:AssumeRole",),
                    principals=service(FIREHOSE),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnEquals": {"aws:SourceArn": stream_arn},
                    },
                )
            ],
            boundary_arn=boundary_arn,
            statements=_writes(naming, logs, home),
        )
        stream = KinesisFirehoseDeliveryStream(
            self,
            "stream",
            name=name,
            destination="extended_s3",
            server_side_encryption=KinesisFirehoseDeliveryStreamServerSideEncryption(
                enabled=True, key_type="CUSTOMER_MANAGED_CMK", key_arn=key_arn
            ),
            extended_s3_configuration=KinesisFirehoseDeliveryStreamExtendedS3Configuration(
                role_arn=writer.arn,
                bucket_arn=logs.bucket_arn,
                kms_key_arn=logs.key_arn,
                prefix=(
                    f"{LOG_GROUPS}account=!{{partitionKeyFromQuery:account}}/region={naming.region}"
                    "/day=!{timestamp:yyyy-MM-dd}/"
                ),
                error_output_prefix=(
                    f"{FAILED_LOG_GROUPS}!{{firehose:error-output-type}}/region={naming.region}"
                    "/day=!{timestamp:yyyy-MM-dd}/"
                ),
                buffering_size=settings.buffer_mb,
                buffering_interval=settings.buffer_seconds,
                compression_format="GZIP",
                file_extension=".json.gz",
                dynamic_partitioning_configuration=(
                    KinesisFirehoseDeliveryStreamExtendedS3ConfigurationDynamicPartitioningConfiguration(
                        enabled=True, retry_duration=300
                    )
                ),
                processing_configuration=KinesisFirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfiguration(
                    enabled=True, processors=_processors()
                ),
                cloudwatch_logging_options=KinesisFirehoseDeliveryStreamExtendedS3ConfigurationCloudwatchLoggingOptions(
                    enabled=True, log_group_name=group, log_stream_name=log_stream
                ),
            ),
            depends_on=[writer.whole],  # Firehose tries the role when the stream is made
        )
        self._alarm(naming, settings, stream.name)
        LogDestination(
            self,
            "destination",
            naming=naming,
            stream_arn=stream.arn,
            organization_id=organization_id,
            boundary_arn=boundary_arn,
        )

    def _alarm(self, naming: Naming, settings: LogIntakeSettings, stream: str) -> None:
        CloudwatchMetricAlarm(
            self,
            "late",
            alarm_name=naming.name(f"{INTAKE}-late", limit=ALARM_LIMIT),
            alarm_description="Log groups do not reach the log bucket: see the log of the stream, and its policies",
            namespace="AWS/Firehose",
            metric_name="DeliveryToS3.DataFreshness",
            dimensions={"DeliveryStreamName": stream},
            statistic="Maximum",
            period=300,
            evaluation_periods=3,
            threshold=settings.late_after_seconds,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",  # nothing waits
        )


def _writes(naming: Naming, logs: LogArchiveContract, home: str) -> list[Statement]:
    """https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html, less what reads."""
    return [
        Statement(
            "FindBucket",
            actions=("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
            resources=(logs.bucket_arn,),
        ),
        Statement(
            "WriteLogGroups",
            actions=("s3:AbortMultipartUpload", "s3:PutObject"),
            resources=tuple(f"{logs.bucket_arn}/{prefix}*" for prefix in (LOG_GROUPS, FAILED_LOG_GROUPS)),
        ),
        Statement(  # Decrypt is for uploads in parts, and for S3's bucket key
            "EncryptThroughS3",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(logs.key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{home}.amazonaws.com"}},
        ),
        Statement(
            "WriteOwnLog",
            actions=("logs:PutLogEvents",),
            resources=(naming.arn("logs", f"log-group:{intake_log_group(naming)}:log-stream:{_LOG_STREAM}"),),
        ),
    ]


def _processors() -> list[_Processor]:
    """Unpack, read whose logs they are, and end each delivery with a line feed.

    The events are not taken out of their envelope (`CloudWatchLogProcessing`): the account and the group stand there.
    """
    return [
        _Processor(
            type="Decompression",
            parameters=[_Parameter(parameter_name="CompressionFormat", parameter_value="GZIP")],
        ),
        _Processor(
            type="MetadataExtraction",
            parameters=[
                _Parameter(parameter_name="JsonParsingEngine", parameter_value="JQ-1.6"),
                _Parameter(parameter_name="MetadataExtractionQuery", parameter_value="{account:.owner}"),
            ],
        ),
        _Processor(
            type="AppendDelimiterToRecord",
            parameters=[_Parameter(parameter_name="Delimiter", parameter_value="\\n")],
        ),
    ]
