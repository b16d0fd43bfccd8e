"""`python3 -m modules.ml_operations.passport issue`: the stage Passport of a release, in CodeBuild.

It needs the artefacts `prepared` and `tested`, writes the folder `passport`, and ends with 1 when evidence is missing:
then nothing is stored, and the log says all that is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
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
# Files that stages hand on: what Prepare found, what the integration test said, what is issued here.
RELEASE, TESTS, ISSUED = "release.json", "integration.json", "passport.json"
_RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 8})


class Clients(Protocol):
    """Makes a client of an AWS service."""

    def __call__(self, service: str) -> Any:
        """The client."""


def issue(told: Mapping[str, str], out: Path, client: Clients, today: date) -> str:
    """Collect the evidence, store the passport, and hand both on in the folder `out`; returns its SHA-256.

    Raises PassportError with all that is missing; then nothing is stored, and nothing handed on.
    """
    demands = from_json(Demands, _told(told, DEMANDS))
    release = json.loads((_artifact(told, "prepared") / RELEASE).read_text(encoding="utf-8"))
    tests = _artifact(told, "tested") / TESTS
    test = _test(tests.read_text(encoding="utf-8")) if tests.is_file() else None
    collector = Collector(client("sagemaker"), client("s3"), client("ecr"), demands)
    evidence = collector.evidence(release["model_package_arn"], _told(told, EXECUTION), test)
    if missing := gaps(evidence, demands, today):
        raise PassportError(f"{evidence.model_package_arn} goes to no production: evidence is missing.", missing)
    passport = Passport(FORMAT, today.isoformat(), demands, evidence)
    digest = put(client("s3"), _told(told, BUCKET), passport)
    out.mkdir(parents=True, exist_ok=True)
    (out / ISSUED).write_bytes(to_json(passport))
    (out / RELEASE).write_text(json.dumps(release | {"passport": digest}, indent=2, sort_keys=True), encoding="utf-8")
    return digest


def main(arguments: Sequence[str] | None = None) -> int:
    """Issue the passport by the build's variables."""
    parser = argparse.ArgumentParser(prog="python3 -m modules.ml_operations.passport", description=__doc__)
    parser.add_argument("verb", choices=("issue",))
    parser.add_argument("--out", type=Path, default=Path("passport"))
    options = parser.parse_args(arguments)
    try:
        digest = issue(
            os.environ, options.out, lambda service: boto3.client(service, config=_RETRYING), datetime.now(UTC).date()
        )
    except PassportError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"PASSPORT_SHA256={digest}\n")
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


def _artifact(told: Mapping[str, str], name: str) -> Path:
    return Path(_told(told, f"CODEBUILD_SRC_DIR_{name}"))


if __name__ == "__main__":
    sys.exit(main())
