"""Whether a passport stands for a version: asked before every deployment to production, and by auditors."""

from __future__ import annotations

from datetime import date
from typing import Any

from botocore.exceptions import ClientError

from modules.ml_operations.passport import bundle
from modules.ml_operations.passport.evidence import gaps
from modules.ml_operations.passport.model import Passport, PassportError
from modules.ml_operations.passport.store import get, key


def stored(s3: Any, bucket: str, *, project: str, model_package_arn: str, sha256: str) -> Passport:
    """The stored passport of this version with this SHA-256.

    Raises PassportError when there is none, or it is not what its name says, or is another version's, or lacks
    evidence: who deploys to production asks here, and goes no further.
    """
    place = key(project, model_package_arn, sha256)
    try:
        content = get(s3, bucket, place)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NoSuchKey", "404"):
            raise
        raise PassportError(f"there is no passport s3://{bucket}/{place}") from error
    passport = verified(content, sha256)
    if (about := passport.evidence.model_package_arn) != model_package_arn:
        raise PassportError(f"s3://{bucket}/{place} is the passport of {about}, not of {model_package_arn}")
    if passport.demands.project != project:
        raise PassportError(f"s3://{bucket}/{place} is a passport of {passport.demands.project}, not of {project}")
    return passport


def verified(content: bytes, sha256: str | None = None) -> Passport:
    """The passport with these bytes, complete on the day that it says. Raises PassportError where it is not.

    `sha256` is what it must hash to, as the tag `Passport` of an endpoint tells it.
    """
    if sha256 is not None and (found := bundle.sha256(content)) != sha256:
        raise PassportError(f"its SHA-256 is {found}, and must be {sha256}: it is another passport, or was changed")
    passport = bundle.read(content)
    try:
        day = date.fromisoformat(passport.as_of)
    except ValueError as error:
        raise PassportError(f"as_of must be a day such as 2026-11-23, and is {passport.as_of!r}") from error
    if missing := gaps(passport.evidence, passport.demands, day):
        raise PassportError("the passport lacks evidence:", missing)
    return passport
