"""State in S3: bootstrap, a missing bucket and stale locks, against the embedded AWS."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from delivery.apply_record import read
from delivery.bootstrap import bootstrap
from delivery.emulator import Emulator, override
from delivery.run_result import RunResult
from delivery.session import Session
from delivery.target import Target
from delivery.workspace import StackFolder
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Silent, Synthesis, shell

pytestmark = pytest.mark.e2e

BUCKET = "acme-org-state"
PROVIDER = {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator") / "emulator.log") as running:
        yield running


@pytest.fixture
def target(emulator: Emulator) -> Target:
    return Target.emulator(emulator, override)


def s3_backend(stack_id: str, bucket: str) -> dict[str, Any]:
    key = f"org/{stack_id}.tfstate"
    return {"s3": {"bucket": bucket, "key": key, "region": "eu-central-1", "encrypt": True, "use_lockfile": True}}


def remote(synthesis: Synthesis, stack_id: str, resources: dict[str, Any], bucket: str, **options: Any) -> None:
    """A stack of `terraform_data` that keeps its state in a bucket; it needs no provider."""
    synthesis.stack(stack_id, resources, backend=s3_backend(stack_id, bucket), **options)


def bootstrap_stack(synthesis: Synthesis, bucket: str) -> None:
    """A stack that makes the bucket in which it keeps its state."""
    synthesis.stack("management-bootstrap", {}, backend=s3_backend("management-bootstrap", bucket), stack="bootstrap")
    path = synthesis.out / "stacks/management-bootstrap/cdk.tf.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["terraform"]["required_providers"] = PROVIDER
    document["provider"] = {"aws": [{"region": "eu-central-1"}]}
    document["resource"] = {"aws_s3_bucket": {"state": {"bucket": bucket}}}
    synthesis.rewrite("management-bootstrap", document)


def run_bootstrap(synthesis: Synthesis, target: Target, work: Path) -> RunResult:
    return bootstrap(
        synthesis.manifest, synthesis.out, target=target, work=work, reporter=Silent(), allowed=lambda i, s: True
    )


def test_bootstrap_makes_the_bucket_and_moves_its_state_there(
    synthesis: Synthesis, deliver: Deliver, target: Target, tmp_path: Path
) -> None:
    """Before bootstrap apply names it as the remedy; after it the state is in the bucket and a plan is clean."""
    bootstrap_stack(synthesis, "one-state")
    remote(synthesis, "other", {"x": {}}, "one-state", depends_on=["management-bootstrap"])
    early = deliver("apply", target=target)
    assert statuses(early) == {"management-bootstrap": "failed", "other": "blocked"}
    assert early.stacks[0].failure is not None
    assert "mlgov bootstrap" in early.stacks[0].failure.advice

    work = tmp_path / "work"
    made = run_bootstrap(synthesis, target, work)
    assert statuses(made) == {"management-bootstrap": "applied"}
    assert "state migrated to s3://" in made.stacks[0].note
    folder = StackFolder(work / "acme/emulated/run/management-bootstrap")
    assert not folder.local_state.exists()
    record = read(folder)
    assert record is not None
    assert (record.sha256, record.unfinished) == (synthesis.entries["management-bootstrap"].sha256, False)
    assert statuses(run_bootstrap(synthesis, target, work)) == {"management-bootstrap": "unchanged"}
    assert statuses(deliver("apply", target=target)) == {"management-bootstrap": "unchanged", "other": "applied"}
    assert statuses(deliver("plan", target=target)) == {"management-bootstrap": "unchanged", "other": "unchanged"}
    assert read(folder) == record


def test_bootstrap_goes_on_from_local_state(
    synthesis: Synthesis, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between apply and migration, bootstrap migrates the local state it left and makes nothing twice."""
    bootstrap_stack(synthesis, "two-state")
    work, init = tmp_path / "work", Session.init

    def killed_before_migration(self: Session, *arguments: Any) -> Any:
        if "-migrate-state" in arguments:
            raise KeyboardInterrupt
        return init(self, *arguments)

    monkeypatch.setattr(Session, "init", killed_before_migration)
    with pytest.raises(KeyboardInterrupt):
        run_bootstrap(synthesis, target, work)
    local = work / "acme/emulated/run/management-bootstrap/.mlgov/bootstrap.tfstate"
    assert local.is_file()
    monkeypatch.undo()
    resumed = run_bootstrap(synthesis, target, work)
    assert statuses(resumed) == {"management-bootstrap": "unchanged"}
    assert "state migrated to s3://" in resumed.stacks[0].note
    assert not local.exists()


def test_bootstrap_chooses_between_no_two_states(synthesis: Synthesis, target: Target, tmp_path: Path) -> None:
    """A local state that holds what the bucket's does not is an error that names it; neither is changed."""
    bootstrap_stack(synthesis, "five-state")
    run_bootstrap(synthesis, target, tmp_path / "work")
    local = tmp_path / "work/acme/emulated/run/management-bootstrap/.mlgov/bootstrap.tfstate"
    other = {
        "mode": "managed",
        "type": "aws_s3_bucket",
        "name": "other",
        "instances": [{"attributes": {"id": "other"}}],
    }
    local.write_text(json.dumps({"version": 4, "resources": [other]}), encoding="utf-8")
    before = local.read_bytes()
    result = run_bootstrap(synthesis, target, tmp_path / "work")
    assert statuses(result) == {"management-bootstrap": "failed"}
    assert result.stacks[0].failure is not None
    assert str(local) in result.stacks[0].failure.detail
    assert local.read_bytes() == before
    local.unlink()
    assert statuses(run_bootstrap(synthesis, target, tmp_path / "work")) == {"management-bootstrap": "unchanged"}


def killed_in_the_middle(deliver: Deliver, target: Target, work: Path, pid_file: Path) -> RunResult:
    """Apply, and kill -9 its Terraform as soon as a resource has written Terraform's process id."""

    def kill() -> None:
        end = time.monotonic() + 30
        while not pid_file.exists() or not pid_file.read_text(encoding="utf-8").strip():
            assert time.monotonic() < end, "Terraform did not get as far as the resource"
            time.sleep(0.05)
        os.kill(int(pid_file.read_text(encoding="utf-8")), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    result = deliver("apply", target=target, work=work)
    killer.join()
    return result


def test_a_stale_lock_of_ours_is_removed_on_the_emulator(
    synthesis: Synthesis, deliver: Deliver, target: Target, tmp_path: Path
) -> None:
    """kill -9 of Terraform leaves its lock file in S3; the next emulated apply removes it, says so and converges."""
    bootstrap_stack(synthesis, "three-state")
    run_bootstrap(synthesis, target, tmp_path / "work")
    pid_file = tmp_path / "pid"
    remote(
        synthesis, "slow", {"x": shell(f"test -e {pid_file} || {{ echo $PPID > {pid_file}; sleep 2; }}")}, "three-state"
    )
    assert statuses(killed_in_the_middle(deliver, target, tmp_path / "work", pid_file))["slow"] == "failed"
    again = deliver("apply", target=target, select="slow")
    assert statuses(again) == {"slow": "applied"}
    assert again.stacks[0].note.startswith("removed a stale lock ")
    assert statuses(deliver("plan", target=target, select="slow")) == {"slow": "unchanged"}


def test_a_stale_lock_is_left_alone_elsewhere(
    synthesis: Synthesis,
    deliver: Deliver,
    target: Target,
    emulator: Emulator,
    tmp_path: Path,
) -> None:
    """On AWS a stale lock fails the stack with its ID, path and owner and the command that removes it; that works."""
    bootstrap_stack(synthesis, "four-state")
    run_bootstrap(synthesis, target, tmp_path / "work")
    pid_file = tmp_path / "pid"
    remote(
        synthesis, "slow", {"x": shell(f"test -e {pid_file} || {{ echo $PPID > {pid_file}; sleep 2; }}")}, "four-state"
    )
    # The emulator dressed as AWS: same endpoint, but under the rules for the real one.
    aws = Target("aws", variables=emulator.environment(), override=override)
    killed_in_the_middle(deliver, aws, tmp_path / "work", pid_file)
    failure = deliver("apply", target=aws, select="slow").stacks[0].failure
    assert failure is not None
    assert "four-state/org/slow.tfstate" in failure.advice
    _, command, _ = failure.advice.split("`")
    environment = aws.environment(access="apply")
    assert os.spawnvpe(os.P_WAIT, "sh", ["sh", "-c", command.replace("unlock ", "unlock -force ")], environment) == 0
    assert statuses(deliver("apply", target=aws, select="slow")) == {"slow": "applied"}
