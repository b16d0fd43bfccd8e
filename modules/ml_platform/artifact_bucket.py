"""The bucket in which builds hand artefacts over, with its key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.errors import ConfigError
from modules.core.handshake import Edge, EdgeHolder
from modules.core.iam import ANYONE, Conditions, Statement, deny_insecure_transport, policy_document
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.units import Units
from modules.core.wiring import holder
from modules.ml_platform.artifacts_settings import ArtifactsSettings
from modules.ml_platform.names import ARTIFACT_BUCKET, ARTIFACT_KEY, SHARED_PREFIX

_READ = ("s3:GetObject", "s3:GetObjectVersion")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
_POLICY_LIMIT = 20_480
_REFERENCE = re.compile(r"\$\{[^}]*\}")
_ACCOUNT_ID = "0" * 12


@dataclass(frozen=True, slots=True)
class HandingOver:
    """A team in an account of its own: who reads its artefacts there, and who hands them over, by their ARNs."""

    team: str
    readers: tuple[str, ...]
    writers: tuple[str, ...]
    edge: Edge


class ArtifactBucket(Construct):
    """`<organisation>-<environment>-ml-artifacts`: what teams' builds hand over, below the team's name.

    `units` are those of the teams' accounts; None where no other account is served.

    Guarantees:
    - what lies below `shared/` is read by the units of the teams' accounts, and by nobody else outside this account;
    - what lies below a team's name is read by that team's roles alone, named by their ARNs, and written by those that
      hand over; which artefacts there are is told to no team, and no other account deletes anything;
    - the key is used by these units, through S3, for this bucket alone;
    - what is overwritten or deleted can be had back for `noncurrent_days`;
    - more teams than fit into a bucket policy are told at synthesis, by a ConfigError.

    Controls: DATA-02, DATA-03, DATA-04, DATA-05, DATA-07, DATA-08, DATA-09 (NIST 800-53 AC-3, AC-6, SC-12, SC-28).
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ArtifactsSettings,
        units: Units | None,
        teams: Sequence[HandingOver],
    ) -> None:
        super().__init__(scope, id_)
        stack = holder(self)
        bucket_arn = naming.bucket_arn(ARTIFACT_BUCKET)
        statements = tuple(_bucket_statements(stack, bucket_arn, units, teams))
        _check_length(naming, bucket_arn, statements)
        key = Key(
            self,
            "key",
            naming=naming,
            purpose=ARTIFACT_KEY,
            statements=tuple(_key_statements(stack, naming, bucket_arn, units, teams)),
        )
        logs = AccessLogBucket(self, "access-logs", naming=naming, of=ARTIFACT_BUCKET)
        self.bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=ARTIFACT_BUCKET,
            key_arn=key.arn,
            retention=Retention(noncurrent_days=settings.noncurrent_days),
            access_logs=logs.name,
            statements=statements,
        )


def _bucket_statements(
    stack: EdgeHolder, bucket_arn: str, units: Units | None, teams: Sequence[HandingOver]
) -> Iterator[Statement]:
    if units is None:
        return
    yield units.allow("UnitsReadWhatIsShared", _READ, (f"{bucket_arn}/{SHARED_PREFIX}/*",))
    listed = {"StringLike": {"s3:prefix": f"{SHARED_PREFIX}/*"}}
    yield units.allow("UnitsListWhatIsShared", ("s3:ListBucket",), (bucket_arn,), listed)
    for team, desks in _by_team(teams).items():
        sid, own = team.title().replace("-", ""), (f"{bucket_arn}/{team}/*",)
        readers = [arn for desk in desks for arn in desk.readers]
        writers = [arn for desk in desks for arn in desk.writers]
        yield Statement(f"Read{sid}", _READ, own, principals=ANYONE, conditions=_roles(units, readers))
        put = ("s3:AbortMultipartUpload", "s3:PutObject")
        yield Statement(f"HandOver{sid}", put, own, principals=ANYONE, conditions=_roles(units, writers))
        for desk in desks:
            desk.edge.render(stack, "bucket")


def _key_statements(
    stack: EdgeHolder, naming: Naming, bucket_arn: str, units: Units | None, teams: Sequence[HandingOver]
) -> Iterator[Statement]:
    if units is None:
        return
    yield units.allow(
        "UnitsUseItForTheBucket",
        ("kms:Decrypt", "kms:GenerateDataKey"),
        ("*",),
        {
            "StringEquals": {
                "kms:ViaService": f"s3.{naming.region}.amazonaws.com",
                # With a bucket key S3 names the bucket to KMS, not the object.
                "kms:EncryptionContext:aws:s3:arn": bucket_arn,
            }
        },
    )
    for team in teams:
        team.edge.render(stack, "key")


def _by_team(teams: Sequence[HandingOver]) -> Mapping[str, list[HandingOver]]:
    found: dict[str, list[HandingOver]] = {}
    for each in teams:
        found.setdefault(each.team, []).append(each)
    return found


def _roles(units: Units, arns: Sequence[str]) -> Conditions:
    return {
        "StringEquals": {"aws:PrincipalOrgID": units.organization_id},
        "ArnEquals": {"aws:PrincipalArn": sorted(set(arns))},
    }


def _check_length(naming: Naming, bucket_arn: str, statements: Sequence[Statement]) -> None:
    document = policy_document(deny_insecure_transport(bucket_arn, f"{bucket_arn}/*"), *statements)
    length = len(_REFERENCE.sub(_ACCOUNT_ID, document))
    if length > _POLICY_LIMIT:
        raise ConfigError(
            f"the policy of the bucket {naming.bucket(ARTIFACT_BUCKET)} names the roles of so many teams that it has "
            f"{length} characters, and S3 takes {_POLICY_LIMIT}: let teams share accounts, or serve dev and test from "
            "accounts with the role ml-shared-services of their own"
        )
