"""The bucket in which AWS Config keeps the organisation's history of configurations."""

from __future__ import annotations

from constructs import Construct

from modules.core.bucket import Bucket, Retention
from modules.core.iam import ANYONE, Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.observability.contract import CONFIG, ConfigHistoryContract
from modules.observability.settings import ConfigHistorySettings

RECORDER = "config.amazonaws.com"


class ConfigHistory(Construct):
    """`<organisation>-<environment>-config` and its key, open to the recorders of this organisation.

    A bucket of its own, because AWS Config does not deliver to a bucket with a default retention of object lock
    (https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html). `access_logs` is the
    name of the account's target of access logs.

    Guarantees:
    - only AWS Config acting for an account of the organisation may write, and only below `AWSLogs/<account>/Config/`;
    - nobody deletes an object, the account itself included; what is overwritten is kept;
    - history turns cold and expires as set.

    Controls: ORG-05, ORG-08, DATA-04, DATA-07 (FSBP Config.1, S3.5; NIST 800-53 AU-9, AU-11, CM-8).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ConfigHistorySettings,
        organization_id: str,
        access_logs: str,
    ) -> None:
        super().__init__(scope, id_)
        bucket_arn = naming.bucket_arn(CONFIG)
        within = {"aws:SourceOrgID": organization_id}
        # Recorders work as a service-linked role, which reaches neither bucket nor key: the service does, in its name.
        # https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=CONFIG,
            statements=[
                Statement(
                    "RecordersEncrypt",
                    actions=("kms:Decrypt", "kms:GenerateDataKey"),
                    resources=("*",),
                    principals=service(RECORDER),
                    conditions={"StringEquals": within},
                )
            ],
        )
        Bucket(
            self,
            "bucket",
            naming=naming,
            what=CONFIG,
            key_arn=key.arn,
            access_logs=access_logs,
            retention=Retention(
                noncurrent_days=settings.noncurrent_days,
                cold_after_days=settings.cold_after_days,
                expire_after_days=settings.expire_after_days,
            ),
            # https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
            statements=[
                Statement(
                    "RecordersCheckBucket",
                    actions=("s3:GetBucketAcl", "s3:ListBucket"),
                    resources=(bucket_arn,),
                    principals=service(RECORDER),
                    conditions={"StringEquals": within},
                ),
                Statement(
                    "RecordersWrite",
                    actions=("s3:PutObject",),
                    resources=(f"{bucket_arn}/AWSLogs/*/Config/*",),
                    principals=service(RECORDER),
                    conditions={"StringEquals": within | {"s3:x-amz-acl": "bucket-owner-full-control"}},
                ),
                Statement(
                    "NobodyDeletes",
                    actions=("s3:DeleteObject", "s3:DeleteObjectVersion"),
                    resources=(f"{bucket_arn}/*",),
                    effect="Deny",
                    principals=ANYONE,
                ),
            ],
        )
        self.contract = ConfigHistoryContract(**ConfigHistoryContract.names(naming), history_key_arn=key.arn)
