"""Where GuardDuty and Macie put what they found, in one region."""

from __future__ import annotations

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.naming import Naming

GUARDDUTY, MACIE = "guardduty.amazonaws.com", "macie.amazonaws.com"


class FindingsStore(Construct):
    """`<organisation>-<environment>-<what>` and its key, open to GuardDuty and Macie of this account and region.

    Guarantees:
    - only the two services may write, for resources of this account and region alone; neither may read back;
    - both encrypt with the store's own key;
    - results are kept for `keep_days` days, overwritten and deleted ones 30 days longer.

    Controls: DATA-04, DATA-09 (FSBP S3.17, Macie.1; NIST 800-53 AU-9, SC-28).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, what: str, keep_days: int) -> None:
        super().__init__(scope, id_)
        writers = (
            ("GuardDuty", GUARDDUTY, naming.arn("guardduty", "detector/*")),
            ("Macie", MACIE, naming.arn("macie2", "*")),
        )
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=what,
            statements=[
                Statement(
                    f"{writer}Encrypts",
                    actions=("kms:GenerateDataKey", "kms:Encrypt"),
                    resources=("*",),
                    principals=service(principal),
                    conditions=_only(naming, source),
                )
                for writer, principal, source in writers
            ],
        )
        arn = naming.bucket_arn(what)
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=what,
            key_arn=key.arn,
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=what).name,
            retention=Retention(noncurrent_days=30, expire_after_days=keep_days),
            statements=[
                statement
                for writer, principal, source in writers
                for statement in (
                    Statement(
                        f"{writer}Looks",
                        actions=("s3:GetBucketLocation",),
                        resources=(arn,),
                        principals=service(principal),
                        conditions=_only(naming, source),
                    ),
                    Statement(
                        f"{writer}Writes",
                        actions=("s3:PutObject",),
                        resources=(f"{arn}/*",),
                        principals=service(principal),
                        conditions=_only(naming, source),
                    ),
                )
            ],
        )
        self.key_arn = key.arn
        # References: both services write a test object, so the policies must be there before they are told.
        self.bucket_name = bucket.name
        self.bucket_arn = f"arn:{naming.partition}:s3:::{bucket.name}"


def _only(naming: Naming, source_arn: str) -> dict[str, dict[str, str]]:
    """The service acts for this account's own resources: no other customer can make it write here."""
    return {"StringEquals": {"aws:SourceAccount": naming.account_id}, "ArnLike": {"aws:SourceArn": source_arn}}
