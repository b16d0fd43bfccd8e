"""What lies in a domain's zones, listed by S3 every day."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.s3_bucket_inventory import (
    S3BucketInventory,
    S3BucketInventoryDestination,
    S3BucketInventoryDestinationBucket,
    S3BucketInventoryDestinationBucketEncryption,
    S3BucketInventoryDestinationBucketEncryptionSseKms,
    S3BucketInventorySchedule,
)
from constructs import Construct

from modules.core.bucket import Bucket, Retention
from modules.core.naming import Naming
from modules.data_lake.settings import Zone
from modules.data_lake.zone_policy import inventory_statement

KEEP_DAYS = 90
# What an auditor asks of every object: how big and old it is, in which class, under which lock and encryption.
FIELDS = ("Size", "LastModifiedDate", "StorageClass", "EncryptionStatus", "BucketKeyStatus", "ObjectLockMode")


class ZoneInventory(Construct):
    """A bucket with the daily inventories of `buckets`, by zone, as Parquet.

    `what` is its name behind `<organisation>-<environment>-`, `access_logs` the account's target of access logs.

    Guarantees:
    - every version of every object of each zone is listed each day, with its encryption;
    - lists are encrypted by `key_arn`, come from these buckets only, and are kept for 90 days.

    Controls: DATA-04, DATA-08 (NIST 800-53 CM-8, AU-6).
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        buckets: Mapping[Zone, Bucket],
        key_arn: str,
        access_logs: str,
    ) -> None:
        super().__init__(scope, id_)
        lists = Bucket(
            self,
            "lists",
            naming=naming,
            what=what,
            key_arn=key_arn,
            access_logs=access_logs,
            retention=Retention(noncurrent_days=30, expire_after_days=KEEP_DAYS),
            statements=[
                inventory_statement(naming, naming.bucket_arn(what), [bucket.arn for bucket in buckets.values()])
            ],
        )
        for zone, bucket in sorted(buckets.items()):
            S3BucketInventory(
                self,
                zone,
                bucket=bucket.name,
                name="daily",
                included_object_versions="All",
                optional_fields=list(FIELDS),
                schedule=S3BucketInventorySchedule(frequency="Daily"),
                destination=S3BucketInventoryDestination(
                    bucket=S3BucketInventoryDestinationBucket(
                        bucket_arn=lists.arn,
                        format="Parquet",
                        account_id=naming.account_id,
                        encryption=S3BucketInventoryDestinationBucketEncryption(
                            sse_kms=S3BucketInventoryDestinationBucketEncryptionSseKms(key_id=key_arn)
                        ),
                    )
                ),
            )
