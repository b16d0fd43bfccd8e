"""The bucket of a project, and who reaches which part of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.core.iam import Principals, Statement
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.ml_use_case import names

_READ = ("s3:GetObject", "s3:GetObjectVersion")
_WRITE = ("s3:AbortMultipartUpload", "s3:PutObject")
_TEAM, _JOBS = (names.DATA, names.BASE_MODEL), (names.RUNS,)


class ProjectBucket(Construct):
    """What a project learns from, what its pipeline makes, and what its stages hand on.

    `people` are the ARNs of the roles as which the team's people work, `jobs` that of its pipelines. Both are of the
    bucket's account, so its policy is enough; the key they use by IAM. `reader` as in `ModelGroup`.

    Guarantees:
    - people write what is learnt from and read what came of it; jobs read the former and write the latter;
    - neither reaches what the stages hand on, which is what is built next;
    - another account reads what the pipeline made as one role, and writes nothing.

    Controls: DATA-02, DATA-08 (NIST 800-53 AC-3, AC-6, SC-28).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        key_arn: str,
        keep_days: int,
        people: Sequence[str],
        jobs: str,
        reader: tuple[ForeignRole, Edge] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        what = names.project_bucket(project)
        arn = naming.bucket_arn(what)
        everybody = (*people, jobs)
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=what,
            key_arn=key_arn,
            retention=Retention(noncurrent_days=keep_days),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=what).name,
            statements=[
                Statement(
                    "ListForTheTeam",
                    actions=("s3:ListBucket",),
                    resources=(arn,),
                    principals=Principals("AWS", everybody),
                    conditions={"StringLike": {"s3:prefix": [f"{part}*" for part in (*_TEAM, *_JOBS)]}},
                ),
                _may("PeopleRead", _READ, arn, (*_TEAM, *_JOBS), people),
                _may("PeoplePutWhatIsLearntFrom", _WRITE, arn, _TEAM, people),
                _may("JobsRead", _READ, arn, (*_TEAM, *_JOBS), (jobs,)),
                _may("JobsPutWhatTheyMake", _WRITE, arn, _JOBS, (jobs,)),
                *(_read_by(arn, reader[0]) if reader else ()),
            ],
        )
        self.name, self.arn = bucket.name, arn
        if reader is not None:
            reader[1].render(holder(self), "bucket")


def _read_by(arn: str, role: ForeignRole) -> Iterator[Statement]:
    runs = f"{names.RUNS}*"
    yield Statement(
        "CentralRegistryReads",
        actions=("s3:GetObject",),
        resources=(f"{arn}/{runs}",),
        principals=role.principals,
        conditions=role.conditions(),
    )
    yield Statement(
        "CentralRegistryLists",
        actions=("s3:ListBucket",),
        resources=(arn,),
        principals=role.principals,
        conditions=role.conditions({"StringLike": {"s3:prefix": runs}}),
    )


def _may(sid: str, actions: Sequence[str], arn: str, parts: Sequence[str], roles: Sequence[str]) -> Statement:
    resources = [f"{arn}/{part}*" for part in parts]
    return Statement(sid, actions=actions, resources=resources, principals=Principals("AWS", tuple(roles)))
