"""Where AWS Data Exports delivers what everything costs, and how it gets to who reports on it."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.s3_bucket_replication_configuration import (
    S3BucketReplicationConfigurationA,
    S3BucketReplicationConfigurationRule,
    S3BucketReplicationConfigurationRuleDeleteMarkerReplication,
    S3BucketReplicationConfigurationRuleDestination,
    S3BucketReplicationConfigurationRuleDestinationEncryptionConfiguration,
    S3BucketReplicationConfigurationRuleFilter,
    S3BucketReplicationConfigurationRuleSourceSelectionCriteria,
    S3BucketReplicationConfigurationRuleSourceSelectionCriteriaSseKmsEncryptedObjects,
)
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.handshake import Edge
from modules.core.iam import Conditions, Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.cost_reporting.billing_settings import ExportSettings
from modules.cost_reporting.contract import CostExportsContract, CostReportsContract
from modules.cost_reporting.names import CUR, EXPORTS, EXPORTS_COPY, FOCUS

# https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html
_DELIVERY = service("bcm-data-exports.amazonaws.com", "billingreports.amazonaws.com")
_BILLING_REGION = "us-east-1"


class ExportsStore(Construct):
    """The bucket `names.EXPORTS` with its key, whose every object S3 copies to the bucket of the reports.

    `edge` is the way there, None where the same account reports.

    Guarantees:
    - only AWS Data Exports writes, for exports of this account alone;
    - what is delivered, overwritten or taken back is copied alike: no row of a copy counts twice;
    - a copy is encrypted under the key of the reports, and the role that copies reads and writes nothing else.

    Controls: DATA-02, DATA-04, DATA-09, IAM-01 (FSBP S3.1, S3.7; NIST 800-53 AC-3, AC-6, SC-28).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ExportSettings,
        reports: CostReportsContract,
        edge: Edge | None,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=EXPORTS,
            statements=[
                Statement(
                    "ExportsAreEncrypted",
                    actions=("kms:Decrypt", "kms:GenerateDataKey*"),
                    resources=("*",),
                    principals=_DELIVERY,
                    conditions=_for_exports(naming),
                )
            ],
        )
        arn = naming.bucket_arn(EXPORTS)
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=EXPORTS,
            key_arn=key.arn,
            retention=Retention(
                noncurrent_days=settings.noncurrent_days,
                cold_after_days=settings.cold_after_days,
                expire_after_days=settings.expire_after_days,
            ),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=EXPORTS).name,
            statements=[
                Statement(
                    "ExportsAreDelivered",
                    actions=("s3:PutObject", "s3:GetBucketPolicy"),
                    resources=(arn, f"{arn}/*"),
                    principals=_DELIVERY,
                    conditions=_for_exports(naming),
                )
            ],
        )
        role = self._role(naming, key.arn, reports, boundary_arn)
        if edge is not None:
            edge.render(holder(self), "replication")
        self._copy(bucket, role, reports)
        self.contract = CostExportsContract(**CostExportsContract.names(naming))

    def _role(self, naming: Naming, key_arn: str, reports: CostReportsContract, boundary_arn: str) -> Role:
        """https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html."""
        arn = naming.bucket_arn(EXPORTS)
        via_s3 = {"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}}
        return Role(
            self,
            "copies",
            naming=naming,
            what=EXPORTS_COPY,
            description="S3 copies exports of costs to the account that reports them",
            trust=[
                Statement(
                    "ReplicationOfTheExports",
                    actions=("sts:AssumeRole",),
                    principals=service("s3.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id, "aws:SourceArn": arn}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement("ReadRules", actions=("s3:GetReplicationConfiguration", "s3:ListBucket"), resources=(arn,)),
                Statement(
                    "ReadExports",
                    actions=(
                        "s3:GetObjectVersionAcl",
                        "s3:GetObjectVersionForReplication",
                        "s3:GetObjectVersionTagging",
                    ),
                    resources=(f"{arn}/*",),
                ),
                Statement(
                    "WriteCopies",
                    actions=("s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"),
                    resources=(f"{reports.bucket_arn}/*",),
                ),
                Statement("DecryptExports", actions=("kms:Decrypt",), resources=(key_arn,), conditions=via_s3),
                Statement(
                    "EncryptCopies",
                    actions=("kms:Encrypt", "kms:GenerateDataKey"),
                    resources=(reports.key_arn,),
                    conditions=via_s3,
                ),
            ],
        )

    def _copy(self, bucket: Bucket, role: Role, reports: CostReportsContract) -> None:
        S3BucketReplicationConfigurationA(
            self,
            "replication",
            bucket=bucket.name,
            role=role.arn,
            rule=[
                S3BucketReplicationConfigurationRule(
                    id=export,
                    priority=priority,
                    status="Enabled",
                    filter=S3BucketReplicationConfigurationRuleFilter(prefix=f"{export}/"),
                    # An export with fewer files than yesterday's takes the others back.
                    delete_marker_replication=S3BucketReplicationConfigurationRuleDeleteMarkerReplication(
                        status="Enabled"
                    ),
                    source_selection_criteria=S3BucketReplicationConfigurationRuleSourceSelectionCriteria(
                        sse_kms_encrypted_objects=(
                            S3BucketReplicationConfigurationRuleSourceSelectionCriteriaSseKmsEncryptedObjects(
                                status="Enabled"
                            )
                        )
                    ),
                    destination=S3BucketReplicationConfigurationRuleDestination(
                        bucket=reports.bucket_arn,
                        encryption_configuration=(
                            S3BucketReplicationConfigurationRuleDestinationEncryptionConfiguration(
                                replica_kms_key_id=reports.key_arn
                            )
                        ),
                    ),
                )
                for priority, export in enumerate((CUR, FOCUS))
            ],
            depends_on=[bucket.resource, role.whole],
        )


def _for_exports(naming: Naming) -> Conditions:
    """Only for exports of this account: another's cannot be delivered here."""
    billing = f"arn:{naming.partition}:%s:{_BILLING_REGION}:{naming.account_id}:%s/*"
    return {
        "StringEquals": {"aws:SourceAccount": naming.account_id},
        "ArnLike": {
            "aws:SourceArn": (billing % ("bcm-data-exports", "export"), billing % ("cur", "definition")),
        },
    }
