"""Passports in their bucket: put once, never changed."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from modules.ml_operations.passport.bundle import sha256, to_json
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
            ChecksumAlgorithm="SHA256",  # of what arrives: a bucket with object lock takes nothing without
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
        if get(s3, bucket, place) != content:
            raise PassportError(f"s3://{bucket}/{place} exists, with other bytes than its name says") from error
    return digest


def get(s3: Any, bucket: str, place: str) -> bytes:
    """The bytes that lie there."""
    content: bytes = s3.get_object(Bucket=bucket, Key=place)["Body"].read()
    return content
