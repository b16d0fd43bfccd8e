"""`python3 -m modules.ml_operations.passport issue`: the stage Passport of a release, in CodeBuild.

It is given what Prepare found and, where there is a place for test, what the integration test said: the artefacts
`prepared` and `tested`. What it hands on is the folder `passport`. It ends with 1 when evidence is missing: nothing is
stored or handed on then, and the log says all that is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config

from modules.ml_operations.passport.bundle import from_json, to_json
from modules.ml_operations.passport.collect import Collector
from modules.ml_operations.passport.evidence import gaps
from modules.ml_operations.passport.model import FORMAT, Demands, IntegrationTest, Passport, PassportError
from modules.ml_operations.passport.store import put

# Variables that the stack `release` sets (`modules/ml_operations/passport_demands.py`).
DEMANDS, BUCKET, EXECUTION = "PASSPORT_DEMANDS", "PASSPORT_BUCKET", "EXECUTION_ID"
# What Prepare found, what the integration test said, and the passport.
RELEASE, TESTS, ISSUED = "release.json", "integration.json", "passport.json"
_RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 8})


class Clients(Protocol):
    """Makes a client of an AWS service."""

    def __call__(self, service: str) -> Any:
        """The client."""


@dataclass(frozen=True, slots=True)
class Handed:
    """The files of earlier stages, and the folder for later ones. `tests` is None where nothing was tested before."""

    release: Path
    tests: Path | None
    out: Path

    @classmethod
    def of(cls, told: Mapping[str, str], out: Path) -> Handed:
        """As CodeBuild unpacks the artefacts, and tells their folders."""
        tested = told.get("CODEBUILD_SRC_DIR_tested")
        release = Path(_told(told, "CODEBUILD_SRC_DIR_prepared")) / RELEASE
        return cls(release, Path(tested) / TESTS if tested else None, out)


def issue(told: Mapping[str, str], handed: Handed, client: Clients, today: date) -> str:
    """Collect the evidence, store the passport, and hand both on; returns its SHA-256.

    Raises PassportError with all that is missing; then nothing is stored, and nothing handed on.
    """
    demands = from_json(Demands, _told(told, DEMANDS))
    release = json.loads(handed.release.read_text(encoding="utf-8"))
    test = _test(handed.tests.read_text(encoding="utf-8")) if handed.tests else None
    collector = Collector(client("sagemaker"), client("s3"), client("ecr"), demands)
    evidence = collector.evidence(release["model_package_arn"], _told(told, EXECUTION), test)
    if missing := gaps(evidence, demands, today):
        raise PassportError(f"{evidence.model_package_arn} goes to no production: evidence is missing.", missing)
    passport = Passport(FORMAT, today.isoformat(), demands, evidence)
    digest = put(client("s3"), _told(told, BUCKET), passport)
    handed.out.mkdir(parents=True, exist_ok=True)
    (handed.out / ISSUED).write_bytes(to_json(passport))
    content = json.dumps(release | {"passport": digest}, indent=2, sort_keys=True)
    (handed.out / RELEASE).write_text(content, encoding="utf-8")
    return digest


def main(arguments: Sequence[str] | None = None) -> int:
    """Issue the passport by the build's variables."""
    parser = argparse.ArgumentParser(prog="python3 -m modules.ml_operations.passport", description=__doc__)
    parser.add_argument("verb", choices=("issue",))
    parser.parse_args(arguments)
    try:
        handed = Handed.of(os.environ, Path("passport"))
        digest = issue(os.environ, handed, lambda name: boto3.client(name, config=_RETRYING), datetime.now(UTC).date())
    except PassportError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"the passport is issued, SHA-256 {digest}\n")
    return 0


def _test(text: str) -> IntegrationTest:
    """What the test wrote, as far as the passport keeps it."""
    found = json.loads(text)
    keys = ("execution_id", "model_package_arn", "passed", "checks")
    checks = [{key: check.get(key) for key in ("name", "passed", "detail")} for check in found.get("checks", ())]
    return from_json(IntegrationTest, json.dumps({**{key: found.get(key) for key in keys}, "checks": checks}))


def _told(told: Mapping[str, str], name: str) -> str:
    if value := told.get(name):
        return value
    raise PassportError(f"the variable {name} is not set: apply the stack `release` again")


if __name__ == "__main__":
    sys.exit(main())
