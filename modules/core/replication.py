"""A second copy of a bucket's objects, made by S3."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.s3_bucket_replication_configuration import (
    S3BucketReplicationConfigurationA,
    S3BucketReplicationConfigurationRule,
    S3BucketReplicationConfigurationRuleDeleteMarkerReplication,
    S3BucketReplicationConfigurationRuleDestination,
    S3BucketReplicationConfigurationRuleDestinationEncryptionConfiguration,
    S3BucketReplicationConfigurationRuleDestinationMetrics,
    S3BucketReplicationConfigurationRuleFilter,
    S3BucketReplicationConfigurationRuleSourceSelectionCriteria,
)
from cdktf_cdktf_provider_aws.s3_bucket_replication_configuration import (
    S3BucketReplicationConfigurationRuleSourceSelectionCriteriaSseKmsEncryptedObjects as _Encrypted,
)
from constructs import Construct

from modules.core.bucket import Bucket
from modules.core.iam import Conditions, Statement, service
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.role import Role

LATE_SECONDS = 6 * 3600  # S3 promises nothing without its time control; most objects are copied within minutes
_RULE = "everything"


@dataclass(frozen=True, slots=True)
class Replica:
    """The bucket of the copies, with its key, in the region in which both are; `storage_class` is that of a copy."""

    bucket_arn: str
    key_arn: str
    region: str
    storage_class: str | None = None


class Replication(Construct):
    """Every object that comes into `bucket`, called `what`, is copied to `replica`; those that were there are not.

    The role is called `<what>-replication`, for who admits it in another account. With `deletions` what is taken back
    here is taken back there: for a bucket whose newest files are what counts.

    Guarantees:
    - what is encrypted is copied, and encrypted by the replica's key there;
    - retention and legal holds of an object go with it, where the bucket has object lock;
    - without `deletions` what is deleted here stays there, and the role can delete in neither; versions stay always;
    - its role reads this bucket, and writes replicas there;
    - alarms are raised when a copy fails, and when copies are late by more than six hours.

    Controls: DATA-04, ORG-08, IAM-01 (FSBP S3.7; NIST 800-53 AU-9(2), CP-9, SI-4).
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        bucket: Bucket,
        key_arn: str,
        replica: Replica,
        boundary_arn: str,
        deletions: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        arn = naming.bucket_arn(what)
        role = Role(
            self,
            "role",
            naming=naming,
            what=f"{what}-replication",
            description=f"S3 copies what comes into {naming.bucket(what)}",
            trust=[
                Statement(
                    "ReplicationOfTheBucket",
                    actions=("sts:AssumeRole",),
                    principals=service("s3.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id, "aws:SourceArn": arn}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement("ReadRules", actions=("s3:GetReplicationConfiguration", "s3:ListBucket"), resources=(arn,)),
                Statement(
                    "ReadObjects",
                    actions=(
                        "s3:GetObjectLegalHold",
                        "s3:GetObjectRetention",
                        "s3:GetObjectVersionAcl",
                        "s3:GetObjectVersionForReplication",
                        "s3:GetObjectVersionTagging",
                    ),
                    resources=(f"{arn}/*",),
                ),
                Statement(
                    "WriteReplicas",
                    actions=("s3:ReplicateObject", "s3:ReplicateTags", *(("s3:ReplicateDelete",) if deletions else ())),
                    resources=(f"{replica.bucket_arn}/*",),
                ),
                Statement("Decrypt", actions=("kms:Decrypt",), resources=(key_arn,), conditions=_via_s3(naming.region)),
                Statement(
                    "EncryptReplicas",
                    actions=("kms:Encrypt", "kms:GenerateDataKey"),
                    resources=(replica.key_arn,),
                    conditions=_via_s3(replica.region),
                ),
            ],
        )
        S3BucketReplicationConfigurationA(
            self,
            "rules",
            bucket=bucket.name,
            role=role.arn,
            rule=[
                S3BucketReplicationConfigurationRule(
                    id=_RULE,
                    priority=0,
                    status="Enabled",
                    filter=S3BucketReplicationConfigurationRuleFilter(prefix=""),
                    delete_marker_replication=S3BucketReplicationConfigurationRuleDeleteMarkerReplication(
                        status="Enabled" if deletions else "Disabled"
                    ),
                    source_selection_criteria=S3BucketReplicationConfigurationRuleSourceSelectionCriteria(
                        sse_kms_encrypted_objects=_Encrypted(status="Enabled")
                    ),
                    destination=S3BucketReplicationConfigurationRuleDestination(
                        bucket=replica.bucket_arn,
                        storage_class=replica.storage_class,
                        encryption_configuration=(
                            S3BucketReplicationConfigurationRuleDestinationEncryptionConfiguration(
                                replica_kms_key_id=replica.key_arn
                            )
                        ),
                        metrics=S3BucketReplicationConfigurationRuleDestinationMetrics(status="Enabled"),
                    ),
                )
            ],
            depends_on=[bucket.versioned, role.whole],
        )
        copies = replica.bucket_arn.rpartition(":")[2]
        self._alarm(naming, what, copies, "failed", "OperationsFailedReplication", 0)
        self._alarm(naming, what, copies, "late", "ReplicationLatency", LATE_SECONDS)

    def _alarm(self, naming: Naming, what: str, copies: str, fault: str, metric: str, threshold: int) -> None:
        CloudwatchMetricAlarm(
            self,
            fault,
            alarm_name=naming.name(f"{what}-replication-{fault}", limit=ALARM_LIMIT),
            alarm_description=f"Copies of {naming.bucket(what)} in {copies}: {fault}",
            namespace="AWS/S3",
            metric_name=metric,
            dimensions={"SourceBucket": naming.bucket(what), "DestinationBucket": copies, "RuleId": _RULE},
            statistic="Maximum",
            period=300,
            evaluation_periods=1,
            threshold=threshold,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",  # nothing came in
        )


def _via_s3(region: str) -> Conditions:
    return {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}
