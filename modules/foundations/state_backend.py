"""Where Terraform keeps its state: a bucket for each environment and the key of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.iam import ANYONE, Statement
from modules.core.key import Key
from modules.core.naming import Naming
from modules.foundations.contract import STATE
from modules.foundations.settings import StateSettings

ENCRYPTION_HEADER = "s3:x-amz-server-side-encryption"


class StateBackend(Construct):
    """State buckets of all environments, in the management account.

    Guarantees:
    - each environment has its own bucket and its own customer-managed key;
    - an object that is not encrypted by KMS is refused;
    - every earlier state can be brought back for `noncurrent_days`.

    Controls: PLAT-01, DATA-04, DATA-09 (NIST 800-53 CP-9, SC-28).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, settings: StateSettings, environments: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        access_logs = AccessLogBucket(self, "access-logs", naming=naming, of="state")
        for environment in environments:
            place = Construct(self, environment)
            names = replace(naming, environment=environment)
            key = Key(place, "key", naming=names, purpose=STATE)
            Bucket(
                place,
                "state",
                naming=names,
                what=STATE,
                key_arn=key.arn,
                retention=Retention(noncurrent_days=settings.noncurrent_days),
                access_logs=access_logs.name,
                statements=[
                    Statement(
                        "DenyOtherEncryption",
                        actions=("s3:PutObject",),
                        resources=(f"{names.bucket_arn(STATE)}/*",),
                        effect="Deny",
                        principals=ANYONE,
                        # Only when the header is there: without it a put gets the bucket's default, which is the key.
                        conditions={
                            "Null": {ENCRYPTION_HEADER: "false"},
                            "StringNotEquals": {ENCRYPTION_HEADER: "aws:kms"},
                        },
                    )
                ],
            )
