"""Verify a model's passport, from a file or S3: its hash, its form, and that it lacks no evidence (exit 3: it does)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import shared

if TYPE_CHECKING:
    from modules.ml_operations.passport.model import Evidence

_S3, _ADDRESS = "s3://", "://"


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument("what", choices=("verify",), help="what to do")
    child.add_argument("passport", metavar="PASSPORT", help="a file, or s3://BUCKET/KEY with the caller's credentials")
    child.add_argument(
        "--sha256",
        type=shared.sha256,
        metavar="HEX",
        help="what it must hash to, as the tag Passport of an endpoint tells; without it S3's key, or nothing",
    )


def run(options: argparse.Namespace) -> int:
    from modules.ml_operations.passport.bundle import sha256
    from modules.ml_operations.passport.model import PassportError
    from modules.ml_operations.passport.verify import verified

    content, named = _read(options.passport)
    known = options.sha256 or named
    try:
        passport = verified(content, known)
    except PassportError as error:
        sys.stderr.write(f"{options.passport} proves nothing. {error}\n")
        return shared.EXIT_GATE
    evidence = passport.evidence
    shared.say(f"{evidence.model_package_arn} was fit for production on {passport.as_of}")
    for line in _lines(evidence):
        shared.say(f"  {line}")
    proven = "as it must be" if known else "which proves nothing until it is compared: give --sha256"
    shared.say(f"SHA-256 {sha256(content)}, {proven}")
    return 0


def _lines(evidence: Evidence) -> list[str]:
    """What stands in it, for who reads on. All of it is there: the passport is verified."""
    approvals, reports, manifest = evidence.approvals, evidence.reports, evidence.manifest
    scans = [image.scan.status if image.scan else "published by AWS" for image in evidence.images]
    given = {"dev": approvals.development, "central": approvals.central}
    checks = len(evidence.test.checks) if evidence.test else 0
    return [
        *(f"approved ({where}) by {each.by}, {each.at}" for where, each in given.items() if each),
        f"source {evidence.source_version}, commit {evidence.lineage.get('commit')}",
        f"metric {reports.metric:g}" if reports.metric is not None else "no metric",
        f"{len(manifest.files) if manifest else 0} files; images: {', '.join(scans)}",
        f"card version {evidence.card.version}, {evidence.card.status}" if evidence.card else "no card",
        f"{checks} checks passed in the release {evidence.execution_id}",
    ]


def _read(place: str) -> tuple[bytes, str | None]:
    """The bytes, and the hash that the key in S3 names. Raises ConfigError when there is nothing."""
    from modules.core.errors import ConfigError

    if not place.startswith(_S3):
        if _ADDRESS in place:
            raise ConfigError(f"{place} is neither a file nor s3://BUCKET/KEY: fetch it first, then verify the file")
        return Path(place).read_bytes(), None
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    bucket, _, key = place.removeprefix(_S3).partition("/")
    if not (bucket and key):
        raise ConfigError(f"{place} names no object: it must be s3://BUCKET/KEY")
    try:
        found: bytes = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except (BotoCoreError, ClientError) as error:
        advice = "sign in as who may read it, such as the role model-passport-reader, and look whether it is there"
        raise ConfigError(f"{place} cannot be read: {error}; {advice}") from error
    return found, key.rpartition("/")[2].removesuffix(".json")
