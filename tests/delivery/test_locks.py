"""Two runs of one stack, with the state in S3 and its lock file: one works, the other is told who does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from delivery import lock_holder
from delivery.emulator import Emulator, override
from delivery.target import Target
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Synthesis, shell

BUCKET, KEY = "lock-state", "org/slow.tfstate"
ROOT = Path(__file__).parents[2]
EMULATOR = b"A=1\0AWS_ENDPOINT_URL=http://localhost:5000\0"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator") / "emulator.log") as running:
        states(running).create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield running


def states(emulator: Emulator) -> Any:
    """S3 as the management account has it."""
    given = emulator.environment()
    return boto3.client(
        "s3",
        endpoint_url=given["AWS_ENDPOINT_URL"],
        region_name="eu-central-1",
        aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
    )


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


@pytest.mark.e2e
def test_of_two_applies_of_one_stack_one_is_told_who_holds_the_lock(
    synthesis: Synthesis, deliver: Deliver, emulator: Emulator, tmp_path: Path
) -> None:
    """The second apply, of the same user on the same machine from another working folder, fails with exit code 4.

    It is told who holds the lock since when, and what to do; it takes no lock from the living. The first ends well,
    the state is whole and of the first one's making, and a plan that waits for the lock is clean.
    """
    began, release, target = tmp_path / "began", tmp_path / "release", Target.emulator(emulator, override)
    wait = f"touch {began}; for each in $(seq 600); do test -e {release} && break; sleep 0.1; done"
    backend = {"s3": {"bucket": BUCKET, "key": KEY, "region": "eu-central-1", "encrypt": True, "use_lockfile": True}}
    resources = {"quick": {}, "x": {**shell(wait), "depends_on": ["terraform_data.quick"]}}
    synthesis.stack("slow", resources, backend=backend)
    synthesis.manifest.write(synthesis.out)
    command = [sys.executable, "-m", "tests.support.deliver", "apply", str(synthesis.out), str(tmp_path / "one")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    first = subprocess.Popen([*command, emulator.endpoint], cwd=ROOT, env=environment)
    try:
        until(began.exists)
        lock = json.loads(states(emulator).get_object(Bucket=BUCKET, Key=f"{KEY}.tflock")["Body"].read())
        second = deliver("apply", target=target, work=tmp_path / "two")
        assert (statuses(second), second.exit_code()) == ({"slow": "failed"}, 4)
        failure = second.stacks[0].failure
        assert failure is not None
        assert f"lock {lock['ID']} on {BUCKET}/{KEY}, held since {lock['Created'].partition('T')[0]} " in failure.advice
        assert f" by {lock['Who']} (OperationTypeApply)" in failure.advice
        assert "--lock-timeout" in failure.advice
        assert f"two/acme/emulated/run/slow force-unlock {lock['ID']}" in failure.advice
        release.touch()
        waited = deliver("plan", target=target, work=tmp_path / "two", lock_seconds=60)
        assert statuses(waited) == {"slow": "unchanged"}
        assert first.wait(30) == 0
    finally:
        release.touch()
        first.kill()
        first.wait()
    state = json.loads(states(emulator).get_object(Bucket=BUCKET, Key=KEY)["Body"].read())
    assert sorted(each["name"] for each in state["resources"]) == ["quick", "x"]
    versions = [each["Key"] for each in states(emulator).list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert versions == [KEY], "a lock file is left"
    assert statuses(deliver("apply", target=target, work=tmp_path / "two")) == {"slow": "unchanged"}
    again = json.loads(states(emulator).get_object(Bucket=BUCKET, Key=KEY)["Body"].read())
    assert (again["serial"], again["lineage"]) == (state["serial"], state["lineage"])


Machine = Callable[..., Path]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """`machine(name, **state)`: a process of that program on a machine of our making; returns the folder it is in."""
    monkeypatch.setattr(lock_holder, "PROC", tmp_path / "proc")
    (tmp_path / "proc/self").mkdir(parents=True)

    def machine(program: str, *, data: str = ".terraform", environ: bytes = EMULATOR, **state: str) -> Path:
        number = len(list((tmp_path / "proc").iterdir()))
        folder, process = tmp_path / f"folder-{number}", tmp_path / f"proc/{number}"
        tied(folder / data, **state)
        process.mkdir()
        (process / "comm").write_text(f"{program[:15]}\n", encoding="utf-8")
        (process / "cwd").symlink_to(folder)
        (process / "environ").write_bytes(environ)
        return folder

    return machine


def tied(data: Path, *, bucket: str = BUCKET, key: str = KEY, url: str = "", kind: str = "s3") -> None:
    """The folder as `init` leaves it."""
    config: Mapping[str, Any] = {"bucket": bucket, "key": key, "endpoints": {"s3": url} if url else None}
    data.mkdir(parents=True)
    (data / "terraform.tfstate").write_text(json.dumps({"backend": {"type": kind, "config": config}}), encoding="utf-8")


def may_live(tmp_path: Path) -> bool:
    tied(tmp_path / "own/.terraform")
    return lock_holder.may_live(tmp_path / "own", "tf-1.11", {"AWS_ENDPOINT_URL": "http://127.0.0.1:5000"})


@pytest.mark.parametrize("program", ["terraform", "tofu", "tf-1.11"])
def test_a_terraform_on_the_same_state_may_hold_the_lock(machine: Machine, tmp_path: Path, program: str) -> None:
    """Whatever folder it works in, and whichever of the names it has."""
    machine(program)
    assert may_live(tmp_path)


def test_a_terraform_whose_data_lie_elsewhere_may_hold_the_lock(machine: Machine, tmp_path: Path) -> None:
    """TF_DATA_DIR of the process is heeded."""
    machine("terraform", data="elsewhere", environ=EMULATOR + b"TF_DATA_DIR=elsewhere\0")
    assert may_live(tmp_path)


@pytest.mark.parametrize(
    ("program", "state"),
    [
        ("terraform", {"key": "org/other.tfstate"}),
        ("terraform", {"bucket": "other"}),
        ("terraform", {"url": "http://127.0.0.1:5001"}),
        ("terraform", {"kind": "local"}),
        ("terraform-provider-aws_v5.100.0_x5", {}),
        ("dash", {}),
    ],
)
def test_what_works_on_another_state_holds_no_lock_of_this(
    machine: Machine, tmp_path: Path, program: str, state: dict[str, str]
) -> None:
    """Neither a Terraform of another state, bucket or emulator, nor what a dead one left running in its folder."""
    machine(program, **state)
    assert not may_live(tmp_path)


def test_where_nothing_can_be_seen_the_holder_lives(machine: Machine, tmp_path: Path) -> None:
    """Without /proc, and where `init` has not run, a lock is left alone."""
    assert lock_holder.may_live(tmp_path / "nowhere", "terraform", {})
    shutil.rmtree(tmp_path / "proc")
    assert may_live(tmp_path)
