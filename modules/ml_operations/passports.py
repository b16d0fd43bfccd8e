"""The bucket of passports: the evidence of every release to production, for years, from whomever."""

from __future__ import annotations

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, ObjectLock, Retention
from modules.core.iam import ANYONE, Statement, account_root
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.role import Role
from modules.ml_operations import names
from modules.ml_operations.passport.store import FOLDER
from modules.ml_operations.passport_permissions import WRITERS
from modules.ml_operations.passport_settings import PassportSettings

_YEAR_DAYS = 366  # the days of `keep_years` are counted in full, leap years or not


class Passports(Construct):
    """`<organisation>-<environment>-model-passports`: one object for each passport, below `passports/<project>/`.

    Guarantees:
    - nobody deletes a passport, or shortens how long it is kept, before `settings.keep_years` are over;
    - nobody but the stage Passport of a project's pipeline writes one, and none is written over another;
    - it is read by the builds that deploy, and by people as the role `model-passport-reader` alone;
    - encrypted by a key of its own, by TLS only; each access is logged.

    Controls: DATA-03, DATA-06, DATA-08, DATA-09, CICD-06 (NIST 800-53 AU-9, AU-10, AU-11, AC-5, SI-12).
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, settings: PassportSettings, boundary_arn: str
    ) -> None:
        super().__init__(scope, id_)
        key = Key(self, "key", naming=naming, purpose=names.PASSPORTS)
        access_logs = AccessLogBucket(self, "access-logs", naming=naming, of=names.PASSPORTS)
        days = settings.keep_years * _YEAR_DAYS
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=names.PASSPORTS,
            key_arn=key.arn,
            access_logs=access_logs.name,
            lock=ObjectLock("COMPLIANCE", days),
            retention=Retention(noncurrent_days=days),
            statements=_statements(naming),
        )
        Role(
            self,
            "reader",
            naming=naming,
            what=names.PASSPORT_READER,
            description="People read as this role with what evidence models were released",
            trust=[_readers(naming, settings)],
            boundary_arn=boundary_arn,
            statements=[
                Statement("ReadPassports", actions=("s3:GetObject",), resources=(f"{bucket.arn}/{FOLDER}*",)),
                Statement("ListPassports", actions=("s3:ListBucket",), resources=(bucket.arn,)),
                Statement(
                    "DecryptPassports",
                    actions=("kms:Decrypt",),
                    resources=(key.arn,),
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
                ),
            ],
        )


def _statements(naming: Naming) -> list[Statement]:
    bucket = naming.bucket_arn(names.PASSPORTS)
    writers = naming.arn("iam", f"role/{naming.organization}-{naming.environment}-{WRITERS}", region=False)
    objects = (f"{bucket}/*",)
    return [
        Statement(
            "OnlyTheStagePassportWrites",
            actions=("s3:PutObject",),
            resources=objects,
            effect="Deny",
            principals=ANYONE,
            conditions={"ArnNotLike": {"aws:PrincipalArn": writers}},
        ),
        Statement(
            "NothingIsWrittenOver",
            actions=("s3:PutObject",),
            resources=objects,
            effect="Deny",
            principals=ANYONE,
            conditions={"Null": {"s3:if-none-match": "true"}},
        ),
        Statement(
            "NothingElseIsDone",
            actions=(
                "s3:BypassGovernanceRetention",
                "s3:DeleteObject",
                "s3:DeleteObjectVersion",
                "s3:PutObjectAcl",
                "s3:PutObjectRetention",
                "s3:ReplicateObject",
            ),
            resources=objects,
            effect="Deny",
            principals=ANYONE,
        ),
    ]


def _readers(naming: Naming, settings: PassportSettings) -> Statement:
    patterns = [naming.arn("iam", f"role/{pattern}", region=False) for pattern in settings.readers]
    return Statement(
        "WhoReads",
        actions=("sts:AssumeRole",),
        principals=account_root(naming.partition, naming.account_id),
        conditions={"ArnLike": {"aws:PrincipalArn": patterns}},
    )
