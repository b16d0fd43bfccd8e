"""The bucket of a served model."""

from __future__ import annotations

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.naming import Naming
from modules.ml_operations import names

# Requests and answers hold data of customers: kept as long as monitors and complaints need them.
KEEP_DAYS, _KEEP_OLD_DAYS = 400, 30
_DATA = (names.CAPTURE, names.FAILURES, names.FINDINGS, names.INPUT, names.OUTPUT, names.TRUTH)


class ServingStore(Construct):
    """The bucket `names.serving_bucket`: requests with their answers, what is true, what monitors found.

    Who reaches what in it is said by the roles that do: those of the team's endpoints and jobs, and of the releases.
    The Terraform JSON of the stack `serving` lies there, too.

    Guarantees:
    - all that `Bucket` does, under the account's key for endpoints;
    - no data is kept for ever; what releases apply stays.

    Controls: DATA-02, DATA-08, SM-36 (NIST 800-53 SC-28, SI-12, AU-11).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, project: str, key_arn: str) -> None:
        super().__init__(scope, id_)
        what = names.serving_bucket(project)
        Bucket(
            self,
            "bucket",
            naming=naming,
            what=what,
            key_arn=key_arn,
            retention=Retention(noncurrent_days=_KEEP_OLD_DAYS, expire_after_days=KEEP_DAYS, expire_below=_DATA),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=what).name,
        )
