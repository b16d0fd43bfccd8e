"""The log archive: the bucket in which the organisation's logs end."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, ObjectLock, Retention
from modules.core.iam import ANYONE, Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.replication import Replica, Replication
from modules.observability import log_delivery, log_reading
from modules.observability.contract import LogArchiveContract, TrailContract
from modules.observability.log_reading import LogReader
from modules.observability.names import FAILED_LOG_GROUPS, LOG_GROUPS, intake_role
from modules.observability.settings import LogArchiveSettings

LOGS = "logs"
CLOUDTRAIL = "cloudtrail.amazonaws.com"


class LogArchive(Construct):
    """`<organisation>-<environment>-logs` and its key, open to the organisation trail and the accounts' log delivery.

    `management_account_id` and `organization_id` bound the paths under which the trail may write. `readers` are roles
    of other accounts. `intake_regions` are those in which log groups arrive, each with a role of its own.

    Guarantees:
    - no log can be changed or deleted before `lock_days`;
    - CloudTrail may write for the named trail alone, and only below this organisation's paths;
    - AWS's log delivery (flow logs, DNS queries) may write for accounts of this organisation alone;
    - log groups are written by the intake's roles alone, and by nobody else of the account;
    - the trail may encrypt with the key and not decrypt; logs turn cold and expire as set;
    - each log that comes is copied to `replica`, where there is one (`Replication`);
    - of other accounts the `readers` alone read, each below its prefixes, and decrypt through S3 only.

    Controls: ORG-08, DATA-06, DATA-04 (FSBP CloudTrail.7, S3.15; NIST 800-53 AU-9, AU-11).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: LogArchiveSettings,
        trail: TrailContract,
        organization_id: str,
        management_account_id: str,
        intake_regions: Sequence[str],
        boundary_arn: str,
        replica: Replica | None = None,
        readers: Sequence[LogReader] = (),
    ) -> None:
        super().__init__(scope, id_)
        names = LogArchiveContract.names(naming)
        from_trail = {"aws:SourceArn": trail.trail_arn}
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=LOGS,
            statements=[
                Statement(
                    "TrailEncrypts",
                    actions=("kms:GenerateDataKey*",),
                    resources=("*",),
                    principals=service(CLOUDTRAIL),
                    conditions={
                        "StringEquals": from_trail,
                        # The trail's events of every region arrive under its ARN with that region.
                        "StringLike": {
                            "kms:EncryptionContext:aws:cloudtrail:arn": (
                                f"arn:{naming.partition}:cloudtrail:*:{management_account_id}:trail/{trail.trail_name}"
                            )
                        },
                    },
                ),
                Statement(
                    "TrailDescribesKey",
                    actions=("kms:DescribeKey",),
                    resources=("*",),
                    principals=service(CLOUDTRAIL),
                    conditions={"StringEquals": from_trail},
                ),
                log_delivery.key_statement(organization_id),
                *(
                    statement
                    for reader in readers
                    for statement in log_reading.key_statements(self, reader, organization_id, naming.region)
                ),
            ],
        )
        bucket_arn = names["bucket_arn"]
        self.access_logs = AccessLogBucket(self, "access-logs", naming=naming, of=LOGS).name
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=LOGS,
            key_arn=key.arn,
            access_logs=self.access_logs,
            lock=ObjectLock(settings.lock_mode, settings.lock_days),
            retention=Retention(
                noncurrent_days=settings.lock_days,
                infrequent_after_days=settings.infrequent_after_days,
                cold_after_days=settings.cold_after_days,
                deep_after_days=settings.deep_after_days,
                expire_after_days=settings.expire_after_days,
            ),
            statements=[
                Statement(
                    "TrailChecksBucket",
                    actions=("s3:GetBucketAcl",),
                    resources=(bucket_arn,),
                    principals=service(CLOUDTRAIL),
                    conditions={"StringEquals": from_trail},
                ),
                Statement(
                    "TrailWrites",
                    actions=("s3:PutObject",),
                    resources=tuple(
                        f"{bucket_arn}/AWSLogs/{owner}/*" for owner in (management_account_id, organization_id)
                    ),
                    principals=service(CLOUDTRAIL),
                    conditions={"StringEquals": from_trail | {"s3:x-amz-acl": "bucket-owner-full-control"}},
                ),
                *log_delivery.bucket_statements(bucket_arn, organization_id),
                _intake_alone(naming, bucket_arn, intake_regions),
                *(
                    statement
                    for reader in readers
                    for statement in log_reading.bucket_statements(self, reader, bucket_arn, organization_id)
                ),
            ],
        )
        if replica is not None:
            Replication(
                self,
                "replication",
                naming=naming,
                what=LOGS,
                bucket=bucket,
                key_arn=key.arn,
                replica=replica,
                boundary_arn=boundary_arn,
            )
        self.contract = LogArchiveContract(bucket_name=names["bucket_name"], bucket_arn=bucket_arn, key_arn=key.arn)


def _intake_alone(naming: Naming, bucket_arn: str, regions: Sequence[str]) -> Statement:
    """The intake writes by what IAM gives its roles, as the bucket is of its account: this keeps out all others."""
    return Statement(
        "IntakeAloneWritesLogGroups",
        actions=("s3:PutObject",),
        resources=tuple(f"{bucket_arn}/{prefix}*" for prefix in (LOG_GROUPS, FAILED_LOG_GROUPS)),
        effect="Deny",
        principals=ANYONE,
        conditions={"ArnNotEquals": {"aws:PrincipalArn": [naming.role_arn(intake_role(region)) for region in regions]}},
    )
