"""Passports in their bucket: put once, never changed; and whether one stands for a version."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from typing import Any

from botocore.exceptions import ClientError

from modules.ml_operations.passport.bundle import read, sha256, to_json
from modules.ml_operations.passport.evidence import gaps
from modules.ml_operations.passport.model import Passport, PassportError

FOLDER = "passports/"


def key(project: str, model_package_arn: str, digest: str) -> str:
    """Where the passport with this SHA-256 of this version lies."""
    return f"{FOLDER}{project}/{model_package_arn.rpartition('/')[2]}/{digest}.json"


def put(s3: Any, bucket: str, passport: Passport) -> str:
    """Store the passport and return its SHA-256. One that is there with the same bytes is left as it is.

    Nothing is written over: S3 refuses a key that exists. Raises PassportError when another content lies there.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    """
    content = to_json(passport)
    digest = sha256(content)
    place = key(passport.demands.project, passport.evidence.model_package_arn, digest)
    try:
        s3.put_object(
            Bucket=bucket,
            Key=place,
            Body=content,
            ContentType="application/json",
            IfNoneMatch="*",
            ChecksumSHA256=base64.b64encode(hashlib.sha256(content).digest()).decode(),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
        if _get(s3, bucket, place) != content:
            raise PassportError(f"s3://{bucket}/{place} exists, with other bytes than its name says") from error
    return digest


def stored(s3: Any, bucket: str, *, project: str, model_package_arn: str, digest: str) -> Passport:
    """The stored passport of this version with this SHA-256.

    Raises PassportError when there is none, or it is not what its name says, or is another version's, or lacks
    evidence: who deploys to production asks here, and goes no further.
    """
    place = key(project, model_package_arn, digest)
    try:
        content = _get(s3, bucket, place)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NoSuchKey", "404"):
            raise
        raise PassportError(f"there is no passport s3://{bucket}/{place}") from error
    passport = verified(content, digest)
    if (about := passport.evidence.model_package_arn) != model_package_arn:
        raise PassportError(f"s3://{bucket}/{place} is the passport of {about}, not of {model_package_arn}")
    if passport.demands.project != project:
        raise PassportError(f"s3://{bucket}/{place} is a passport of {passport.demands.project}, not of {project}")
    return passport


def verified(content: bytes, digest: str | None = None) -> Passport:
    """The passport with these bytes, complete on the day that it says. Raises PassportError where it is not.

    `digest`: the SHA-256 that it must have, as the tag `Passport` of an endpoint tells it.
    """
    if digest is not None and (found := sha256(content)) != digest:
        raise PassportError(f"its SHA-256 is {found}, and must be {digest}: it is another passport, or was changed")
    passport = read(content)
    try:
        day = date.fromisoformat(passport.as_of)
    except ValueError as error:
        raise PassportError(f"as_of must be a day such as 2026-11-23, and is {passport.as_of!r}") from error
    if missing := gaps(passport.evidence, passport.demands, day):
        raise PassportError("the passport lacks evidence:", missing)
    return passport


def _get(s3: Any, bucket: str, place: str) -> bytes:
    content: bytes = s3.get_object(Bucket=bucket, Key=place)["Body"].read()
    return content
