"""What a team's roles are allowed in an account in which its models are served. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_operations import names

_READ, _WRITE = ("s3:GetObject",), ("s3:AbortMultipartUpload", "s3:PutObject")
# Endpoints, and models in batches, read what they are asked and write what they answer; monitors, which are jobs, read
# both beside what is true. Neither writes what the other is judged by.
_READS: Mapping[str, Sequence[str]] = {
    "serving": (names.INPUT,),
    "pipeline": (names.CAPTURE, names.INPUT, f"{names.STACK}{names.MONITORS}", names.TRUTH),
}
_WRITES: Mapping[str, Sequence[str]] = {
    "serving": (names.CAPTURE, names.FAILURES, names.OUTPUT),
    "pipeline": (names.FINDINGS,),
}


def serves(
    role: Literal["serving", "pipeline"],
    *,
    naming: Naming,
    projects: Mapping[str, bool],
    endpoint_key: str,
    message_key: str,
) -> Iterator[Statement]:
    """Of the buckets of served models what the role needs, and with the keys; endpoints tell of answers that are late.

    `projects`: each that is served in the account, and whether it answers later; none: no statements.
    """
    if not projects:
        return
    arns = [naming.bucket_arn(names.serving_bucket(project)) for project in projects]
    yield Statement(
        "ListServed",
        actions=("s3:ListBucket",),
        resources=arns,
        conditions={"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in (*_READS[role], *_WRITES[role])]}},
    )
    yield Statement("ReadServed", actions=_READ, resources=_below(arns, _READS[role]))
    yield Statement("WriteServed", actions=_WRITE, resources=_below(arns, _WRITES[role]))
    yield _uses("UseServedKey", endpoint_key, "s3", naming)
    if role == "serving" and any(projects.values()):
        topics = [
            naming.arn("sns", naming.name(topic(project)))
            for project, later in projects.items()
            if later
            for topic in (names.topic, names.answers_topic)
        ]
        yield Statement("TellOfAnswers", actions=("sns:Publish",), resources=topics)
        yield _uses("UseMessageKey", message_key, "sns", naming)


def _below(arns: Sequence[str], prefixes: Sequence[str]) -> list[str]:
    return [f"{arn}/{prefix}*" for arn in arns for prefix in prefixes]


def _uses(sid: str, key_arn: str, via: str, naming: Naming) -> Statement:
    return Statement(
        sid,
        actions=("kms:Decrypt", "kms:GenerateDataKey"),
        resources=(key_arn,),
        conditions={"StringEquals": {"kms:ViaService": f"{via}.{naming.region}.amazonaws.com"}},
    )
