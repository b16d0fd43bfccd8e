"""The buckets in which builds hand artefacts over, one for each team, with their key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.handshake import Edge
from modules.core.iam import Conditions, Principals, Statement, account_root
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.units import Units
from modules.core.wiring import holder
from modules.ml_platform.artifacts_settings import ArtifactsSettings
from modules.ml_platform.names import ARTIFACT_BUCKET, ARTIFACT_KEY, team_artifacts

_READ = ("s3:GetObject", "s3:GetObjectVersion")


@dataclass(frozen=True, slots=True)
class HandingOver:
    """A team at work in another account: who reads its artefacts there, and who hands them over, by their ARNs."""

    account_id: str
    readers: tuple[str, ...]
    writers: tuple[str, ...]
    edge: Edge


class ArtifactBuckets(Construct):
    """`<organisation>-<environment>-<team>-artifacts`: what the team's builds hand over; `...-ml-artifacts`: for all.

    `teams`: every team that the account serves -> where it works in other accounts. `units` are those of these
    accounts; None without any. A bucket for each team keeps every policy short, however many teams there are.

    Guarantees:
    - what is for all is read by the units of the teams' accounts, and by nobody else outside this account;
    - what a team hands over is read by that team's roles alone, named by their ARNs, and written by those that hand
      over; no other account deletes anything;
    - the key is used by these units, through S3, for these buckets alone;
    - what is overwritten or deleted can be had back for `noncurrent_days`.

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
        teams: Mapping[str, Sequence[HandingOver]],
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._units = naming, units
        self._retention = Retention(noncurrent_days=settings.noncurrent_days)
        self._key_arn = self._key([desk for desks in teams.values() for desk in desks])
        self._logs = AccessLogBucket(self, "access-logs", naming=naming, of=ARTIFACT_BUCKET).name
        self._bucket(self, "shared", ARTIFACT_BUCKET, tuple(self._shared()))
        each = Construct(self, "teams")
        for team, desks in sorted(teams.items()):
            self._bucket(each, team, team_artifacts(team), tuple(self._handed_over(team, desks)))

    def _bucket(self, scope: Construct, id_: str, what: str, statements: Sequence[Statement]) -> None:
        Bucket(
            scope,
            id_,
            naming=self._naming,
            what=what,
            key_arn=self._key_arn,
            retention=self._retention,
            access_logs=self._logs,
            statements=statements,
        )

    def _shared(self) -> Iterator[Statement]:
        arn = self._naming.bucket_arn(ARTIFACT_BUCKET)
        if self._units is not None:
            yield self._units.allow("UnitsRead", _READ, (f"{arn}/*",))
            yield self._units.allow("UnitsList", ("s3:ListBucket",), (arn,))

    def _handed_over(self, team: str, desks: Sequence[HandingOver]) -> Iterator[Statement]:
        arn = self._naming.bucket_arn(team_artifacts(team))
        if self._units is None or not desks:
            return
        roots = dict.fromkeys(account_root(self._naming.partition, desk.account_id).values[0] for desk in desks)
        accounts = Principals("AWS", tuple(roots))
        readers = _roles(self._units, [one for desk in desks for one in desk.readers])
        writers = _roles(self._units, [one for desk in desks for one in desk.writers])
        put = ("s3:AbortMultipartUpload", "s3:PutObject")
        yield Statement("TeamReads", _READ, (f"{arn}/*",), principals=accounts, conditions=readers)
        yield Statement("TeamLists", ("s3:ListBucket",), (arn,), principals=accounts, conditions=readers)
        yield Statement("TeamHandsOver", put, (f"{arn}/*",), principals=accounts, conditions=writers)
        for desk in desks:
            desk.edge.render(holder(self), "bucket")

    def _key(self, desks: Sequence[HandingOver]) -> str:
        naming, statements = self._naming, []
        if self._units is not None:
            # With a bucket key S3 names the bucket to KMS, not the object.
            of_teams = f"arn:{naming.partition}:s3:::{naming.organization}-{naming.environment}-{team_artifacts('*')}"
            buckets = (naming.bucket_arn(ARTIFACT_BUCKET), of_teams)
            only: Conditions = {
                "StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": buckets},
            }
            actions = ("kms:Decrypt", "kms:GenerateDataKey")
            statements.append(self._units.allow("UnitsUseItForTheBuckets", actions, ("*",), only))
            for desk in desks:
                desk.edge.render(holder(self), "key")
        return Key(self, "key", naming=naming, purpose=ARTIFACT_KEY, statements=statements).arn


def _roles(units: Units, arns: Sequence[str]) -> Conditions:
    return {
        "StringEquals": {"aws:PrincipalOrgID": units.organization_id},
        "ArnEquals": {"aws:PrincipalArn": sorted(set(arns))},
    }
