"""The second copy of the log archive, in another region."""

from __future__ import annotations

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, ObjectLock, Retention
from modules.core.iam import ANYONE, Statement
from modules.core.key import Key
from modules.core.naming import Naming
from modules.observability.contract import LOG_COPY, LogCopyContract
from modules.observability.settings import LogArchiveSettings

COPY_CLASS = "GLACIER_IR"  # a copy is read when the original is gone


class LogCopy(Construct):
    """`<organisation>-<environment>-logs-copy` and its key, in the account of the log bucket.

    S3 copies there what comes into the log bucket (`modules/core/replication.py`); nobody else writes.

    Guarantees:
    - no copy can be changed or deleted before `lock_days`, as the original;
    - nothing is put there but by replication;
    - copies are under a key of their own region, and expire as the originals.

    Controls: ORG-08, DATA-04, DATA-06 (FSBP S3.7, S3.15; NIST 800-53 AU-9(2), AU-11, CP-9).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, settings: LogArchiveSettings) -> None:
        super().__init__(scope, id_)
        key = Key(self, "key", naming=naming, purpose=LOG_COPY)
        Bucket(
            self,
            "bucket",
            naming=naming,
            what=LOG_COPY,
            key_arn=key.arn,
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=LOG_COPY).name,
            lock=ObjectLock(settings.lock_mode, settings.lock_days),
            retention=Retention(
                noncurrent_days=settings.lock_days,
                deep_after_days=settings.deep_after_days,
                expire_after_days=settings.expire_after_days,
            ),
            statements=[
                Statement(  # replication asks for s3:ReplicateObject
                    "NobodyPuts",
                    actions=("s3:PutObject",),
                    resources=(f"{naming.bucket_arn(LOG_COPY)}/*",),
                    effect="Deny",
                    principals=ANYONE,
                )
            ],
        )
        self.contract = LogCopyContract(**LogCopyContract.names(naming), copy_key_arn=key.arn)
