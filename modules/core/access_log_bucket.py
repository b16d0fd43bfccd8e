"""The bucket that receives the S3 server access logs of other buckets."""

from __future__ import annotations

from constructs import Construct

from modules.core.bucket import Bucket, Retention
from modules.core.iam import Statement, service
from modules.core.naming import Naming

KEEP_DAYS = 365


class AccessLogBucket(Construct):
    """`<organisation>-<environment>-<account>-<of>-access-logs`: server access logs of the buckets `of` one purpose.

    Several may stand in an account: S3 delivers within a region only, and stacks share no bucket.

    Guarantees: only S3's log delivery acting for this account may write; logs expire after 365 days.
    Controls: DATA-08 (FSBP S3.9, NIST 800-53 AU-2).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, of: str) -> None:
        super().__init__(scope, id_)
        what = f"{naming.account}-{of}-access-logs"
        bucket = Bucket(
            self,
            "logs",
            naming=naming,
            what=what,
            key_arn=None,
            retention=Retention(noncurrent_days=30, expire_after_days=KEEP_DAYS),
            statements=[
                Statement(
                    "S3LogDelivery",
                    actions=("s3:PutObject",),
                    resources=(f"{naming.bucket_arn(what)}/*",),
                    principals=service("logging.s3.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
        )
        self.name = bucket.name
