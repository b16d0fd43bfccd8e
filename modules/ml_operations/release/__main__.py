"""`python -m modules.ml_operations.release <verb>`: what a build of the release pipeline runs."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from modules.ml_operations.passport.model import PassportError
from modules.ml_operations.passport.verify import stored
from modules.ml_operations.release import tools
from modules.ml_operations.release.aws import Role, client, session_as, session_name
from modules.ml_operations.release.candidate import Candidate
from modules.ml_operations.release.deploy import Deploy, Stack, stack_content
from modules.ml_operations.release.errors import ReleaseError
from modules.ml_operations.release.parameter import VersionParameter
from modules.ml_operations.release.prepare import Prepare, approved, samples
from modules.ml_operations.release.record import Record
from modules.ml_operations.release.settings import Environment
from modules.ml_operations.release.terraform import Terraform
from modules.ml_operations.release.verify import Demands, Endpoint
from modules.ml_operations.release.verify_files import AsynchronousEndpoint, Batch
from modules.ml_operations.release.waiting import Patience

OUT = Path("out")
PRODUCTION = "prod"
PAUSE_SECONDS = 300.0  # alarms of an endpoint look at several minutes


def prepare(environment: Environment) -> None:
    """Check the version that the pipeline was started with, and hand it on."""
    region = environment["REGION"]
    checked = Prepare(
        registry=client("sagemaker", region),
        objects=client("s3", region),
        project=environment["PROJECT"],
        team=environment["TEAM"],
        group_arn=environment["MODEL_GROUP_ARN"],
        bucket=environment["MODELS_BUCKET"],
        target=environment["TARGET"],
    ).candidate(environment["MODEL_PACKAGE_ARN"], environment["EXECUTION_ID"])
    samples(client("s3", region), checked.files)
    checked.write(OUT)
    (OUT / "VERSION").write_text(checked.version, encoding="utf-8")  # who is asked to approve is told
    _tell(f"version {checked.version} of {checked.project} may be released: {checked.model_package_arn}")


def deploy(environment: Environment) -> None:
    """Serve the version in one place; for production only with a passport that says so."""
    region, place = environment["REGION"], environment["PLACE"]
    candidate = Candidate.read(environment.artifact(environment["CANDIDATE"]))
    objects = client("s3", region)
    # A version may have been rejected since Prepare, and a rollback brings back one of long ago.
    approved(client("sagemaker", region), candidate.model_package_arn, environment["MODEL_GROUP_ARN"])
    if place == PRODUCTION:
        _check_passport(objects, environment["PASSPORTS_BUCKET"], candidate)
    session = session_name(environment["EXECUTION_ID"])
    deployer = Role(environment["DEPLOY_ROLE"], environment["EXTERNAL_ID"], session)
    there = session_as(deployer, region)
    content = stack_content(there.client("s3"), environment["SERVING_BUCKET"], environment["STACK_KEY"])
    keeper = Role(environment["STATE_ROLE"], environment["EXTERNAL_ID"], session)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = tools.fetch(
            objects, environment["TOOLS_BUCKET"], folder, terraform_sha256=environment["TERRAFORM_SHA256"]
        )
        stack = folder / "stack"
        stack.mkdir()
        Stack(content, deployer, keeper, environment["PROVIDER_HASH"]).lay_out(stack)
        parameter = VersionParameter(there.client("ssm"), environment["VERSION_PARAMETER"])
        Deploy(parameter, Terraform(found, stack), _pause).run(candidate.served())
    record = Record(client("dynamodb", region), environment["RELEASES_TABLE"])
    record.write(candidate, environment["ACCOUNT"], environment["EXECUTION_ID"])
    _tell(f"version {candidate.version} of {candidate.project} is in use in {environment['ACCOUNT']}")


def verify(environment: Environment) -> None:
    """Ask what serves the version in one place, and hand on what that came to."""
    region, place, run = environment["REGION"], environment["PLACE"], environment["EXECUTION_ID"]
    candidate = Candidate.read(environment.artifact(environment["CANDIDATE"]))
    role = Role(environment["VERIFY_ROLE"], environment["EXTERNAL_ID"], session_name(run))
    there = session_as(role, region)
    asked = samples(client("s3", region), candidate.files)
    checks = _subject(environment, there, run).test(asked)
    checks.write(OUT, candidate, place, run)
    for check in checks.made:
        _tell(f"{'passed' if check.passed else 'FAILED'}: {check.name}: {check.detail}")
    if checks.failed:
        raise ReleaseError(f"{len(checks.failed)} of {len(checks.made)} checks failed in {environment['ACCOUNT']}")


VERBS: Mapping[str, Callable[[Environment], None]] = {"deploy": deploy, "prepare": prepare, "verify": verify}


def _subject(environment: Environment, there: Any, run: str) -> Endpoint | AsynchronousEndpoint | Batch:
    bucket, name, mode = environment["SERVING_BUCKET"], environment["ENDPOINT"], environment["MODE"]
    tolerance, patience = environment.number("TOLERANCE"), Patience(environment.number("PATIENCE_SECONDS"))
    objects = there.client("s3")
    match mode:
        case "real-time" | "serverless":
            capture = mode == "real-time"  # AWS captures no requests of serverless endpoints
            demands = Demands(tolerance, environment.number("LATENCY_MS"), capture)
            runtime = there.client("sagemaker-runtime")
            return Endpoint(runtime, objects, name, bucket, environment["CAPTURE_PREFIX"], demands, patience, run)
        case "asynchronous":
            runtime, requests = there.client("sagemaker-runtime"), environment["INPUT_PREFIX"]
            return AsynchronousEndpoint(runtime, objects, name, bucket, requests, tolerance, patience, run)
        case "batch":
            requests, answers = environment["INPUT_PREFIX"], environment["OUTPUT_PREFIX"]
            registry = there.client("sagemaker")
            return Batch(registry, objects, name, bucket, requests, answers, tolerance, patience, run)
        case _:
            raise ReleaseError(f"the variable MODE is {mode!r}, which no test knows")


def _check_passport(objects: Any, bucket: str, candidate: Candidate) -> None:
    stored(
        objects,
        bucket,
        project=candidate.project,
        model_package_arn=candidate.model_package_arn,
        sha256=candidate.passport,
    )


def _pause() -> None:
    time.sleep(PAUSE_SECONDS)


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(arguments: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """Run one verb. 0 when the release may go on, 1 when it must not, 2 when the verb is not known."""
    if len(arguments) != 1 or arguments[0] not in VERBS:
        sys.stderr.write(f"say one of {', '.join(VERBS)}\n")
        return 2
    OUT.mkdir(exist_ok=True)
    try:
        VERBS[arguments[0]](Environment(environ))
    except (PassportError, ReleaseError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
