"""Every resource type that the first modules use, applied by the real Terraform: clean, stable, and destroyed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from delivery.emulator import Emulator, override
from delivery.mirror import cli_config

pytestmark = pytest.mark.e2e

REGION = "eu-west-1"
STACKS = (
    "organization",
    "controltower",
    "baseline",
    "trail",
    "hub",
    "lake",
    "studio",
    "serving",
    "artifacts",
)  # each reads the state of those before it
FIXTURES = Path(__file__).parent / "stacks"


class Terraform:
    """Terraform in one copy of a stack, pointed at an emulator."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self.run("init")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command; exit code 1 fails the test with Terraform's own words."""
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 1:
            pytest.fail(f"terraform {' '.join(arguments)} in {self._folder.name}:\n{done.stdout}\n{done.stderr}")
        return done


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Terraform]]:
    """The stacks in the order of their states, applied on an emulator of their own; destroyed afterwards."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: run `make terraform` and put .mlgov/bin on PATH")
    work = tmp_path_factory.mktemp("stacks")
    with Emulator(work / "emulator.log", region=REGION) as emulator:
        make_state_bucket(emulator)
        environment = {**os.environ, **emulator.environment(), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
        config = cli_config(work / "cli")
        if config is not None:
            environment["TF_CLI_CONFIG_FILE"] = str(config)
        applied = {}
        for name in STACKS:
            applied[name] = Terraform(copy(name, work / name), environment)
            applied[name].run("apply", "-auto-approve")
        yield applied


def make_state_bucket(emulator: Emulator) -> None:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
    s3 = boto3.client("s3", endpoint_url=emulator.endpoint, **keys)
    s3.create_bucket(Bucket="acme-state", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="acme-state", VersioningConfiguration={"Status": "Enabled"})
    kms = boto3.client("kms", endpoint_url=emulator.endpoint, **keys)
    kms.create_alias(AliasName="alias/acme-state", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def copy(name: str, folder: Path) -> Path:
    shutil.copytree(FIXTURES / name, folder)
    document = json.loads((folder / "stack.tf.json").read_text(encoding="utf-8"))
    (folder / "mlgov_override.tf.json").write_text(json.dumps(override(document)), encoding="utf-8")
    with zipfile.ZipFile(folder / "function.zip", "w") as archive:
        archive.writestr("function.py", "def handler(event, context):\n    return None\n")
    return folder


@pytest.mark.parametrize("name", STACKS)
def test_nothing_drifts_after_apply(stacks: dict[str, Terraform], name: str) -> None:
    """A second plan of every stack has the exit code 0 of -detailed-exitcode."""
    plan = stacks[name].run("plan", "-detailed-exitcode")
    assert plan.returncode == 0, plan.stdout


def test_what_can_be_changed_in_place_is_changed_and_kept(stacks: dict[str, Terraform]) -> None:
    """The second value of everything in Studio and the registry: nothing is replaced, and nothing drifts afterwards."""
    changed = "-var=changed=true"
    done = stacks["studio"].run("apply", "-auto-approve", "-no-color", changed).stdout
    assert "0 added, 12 changed, 0 destroyed" in done
    plan = stacks["studio"].run("plan", "-detailed-exitcode", changed)
    assert plan.returncode == 0, plan.stdout


def test_another_version_is_served_by_the_same_endpoint(stacks: dict[str, Terraform]) -> None:
    """A model and a configuration come and go, all else is changed in place, and nothing drifts afterwards."""
    changed = "-var=changed=true"
    done = stacks["serving"].run("apply", "-auto-approve", "-no-color", changed).stdout
    assert "2 added, 13 changed, 2 destroyed" in done
    plan = stacks["serving"].run("plan", "-detailed-exitcode", changed)
    assert plan.returncode == 0, plan.stdout


def test_every_stack_is_destroyed_cleanly(stacks: dict[str, Terraform]) -> None:
    """Destroyed in reverse order, no stack leaves a resource in its state."""
    for name in reversed(STACKS):
        stacks[name].run("destroy", "-auto-approve")
        assert stacks[name].run("state", "list").stdout == ""
