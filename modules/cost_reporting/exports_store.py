"""Where AWS Data Exports delivers what everything costs, and how it gets to who reports on it."""

from __future__ import annotations

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.handshake import Edge
from modules.core.iam import Conditions, Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.replication import Replica, Replication
from modules.core.wiring import holder
from modules.cost_reporting.billing_settings import ExportSettings
from modules.cost_reporting.contract import CostExportsContract, CostReportsContract
from modules.cost_reporting.names import BILLING_REGION, EXPORTS

# https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html
_DELIVERY = service("bcm-data-exports.amazonaws.com", "billingreports.amazonaws.com")


class ExportsStore(Construct):
    """The bucket `names.EXPORTS` with its key, whose every object S3 copies to the bucket of the reports.

    `edge` is the way there, None where the same account reports; `reports` lie in this region.

    Guarantees:
    - only AWS Data Exports writes, for exports of this account alone;
    - what is delivered, overwritten or taken back is copied alike: no row of a copy counts twice;
    - a copy is encrypted under the key of the reports, and the role that copies reads and writes nothing else;
    - an alarm is raised when a copy fails, or is late.

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
        Replication(
            self,
            "replication",
            naming=naming,
            what=EXPORTS,
            bucket=bucket,
            key_arn=key.arn,
            replica=Replica(reports.bucket_arn, reports.key_arn, naming.region),
            boundary_arn=boundary_arn,
            deletions=True,  # an export with fewer files than yesterday's takes the others back
        )
        if edge is not None:
            edge.render(holder(self), "replication")
        self.contract = CostExportsContract(**CostExportsContract.names(naming))


def _for_exports(naming: Naming) -> Conditions:
    """Only for exports of this account: another's cannot be delivered here."""
    billing = f"arn:{naming.partition}:%s:{BILLING_REGION}:{naming.account_id}:%s/*"
    return {
        "StringEquals": {"aws:SourceAccount": naming.account_id},
        "ArnLike": {
            "aws:SourceArn": (billing % ("bcm-data-exports", "export"), billing % ("cur", "definition")),
        },
    }
