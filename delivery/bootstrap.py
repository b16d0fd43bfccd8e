"""`mlgov bootstrap`: make the state buckets with local state, then move that state into the bucket it made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, BinaryIO

from delivery.apply_record import ApplyRecord
from delivery.events import lacks_bucket
from delivery.run_result import Failure, RunResult, StackResult
from delivery.schedule import Edges
from delivery.session import Session
from delivery.stack_run import Ended, Reporter, StackRunner, ended
from delivery.target import Target
from delivery.terraform import BOOTSTRAP, Allowed, Work, check, execute
from delivery.workspace import StackFolder, Workspace
from environments.manifest import Manifest, StackEntry
from modules.core.errors import ConfigError


def bootstrap(
    manifest: Manifest, out: Path, *, target: Target, work: Path, reporter: Reporter, allowed: Allowed
) -> RunResult:
    """Bring the bootstrap stack to the state bucket, from wherever an earlier attempt left it.

    - The bucket is there and no local state is left: an ordinary apply.
    - There is no bucket: apply with local state, then migrate.
    - Local state is left (killed in between): if the bucket already has what it holds, the local copy is dropped;
      if the bucket has no state, the apply is completed and the state migrated; anything else is an error.
    The local copy is deleted only after the bucket has given back everything it holds. Raises as
    `delivery.terraform.run`, and ConfigError when the synthesis has no bootstrap stack.
    """
    chosen = [entry for entry in manifest.stacks if entry.stack == BOOTSTRAP]
    if not chosen:
        raise ConfigError("this synthesis has no bootstrap stack, so no state bucket: run `mlgov synth`")
    space = Workspace.open(work, out, manifest, target)
    check(chosen, space, allowed)

    def plan_of_work(runner: StackRunner) -> tuple[Edges, Work]:
        return runner.edges, Bootstrap(runner).run

    return execute("bootstrap", manifest, space, chosen, reporter=reporter, order=plan_of_work)


class Bootstrap:
    """The steps of one bootstrap stack; each may be the last before a kill, and the next run goes on from there."""

    def __init__(self, runner: StackRunner) -> None:
        self._runner, self._space = runner, runner.tools.space

    def run(self, stack_id: str) -> StackResult:
        """Bootstrap one stack."""
        return self._runner.in_folder(stack_id, self._steps)

    def _steps(self, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
        folder = session.folder
        # -reconfigure: which backend the last attempt left configured says nothing about where the state is.
        reached = session.init(hold, "apply", self._space.prepare(entry), "-reconfigure")
        if reached.exit_code and not lacks_bucket(reached.failure()):
            return ended("apply", reached, folder)
        if reached.exit_code == 0:
            if not folder.local_state.is_file():
                return self._runner.apply_in(entry, session, hold)
            if remote := _instances(session.pull_state(hold)):
                if not _local_instances(folder) <= remote:
                    return _two_states(folder)
                _drop_local(folder)
                return self._runner.apply_in(entry, session, hold)
        return self._apply_locally_then_migrate(entry, session, hold)

    def _apply_locally_then_migrate(self, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
        folder = session.folder
        record = ApplyRecord(folder)
        record.begin()
        local = self._space.prepare(entry, backend={"local": {"path": str(folder.local_state)}})
        outcome = session.init(hold, "apply", local, "-reconfigure")
        if outcome.exit_code == 0:
            outcome = session.command(hold, "apply", "apply", "-json", "-auto-approve")
        if outcome.exit_code:
            return ended("apply", outcome, folder)
        applied = ended("apply", outcome, folder)
        moved = session.init(hold, "apply", self._space.prepare(entry), "-migrate-state", "-force-copy")
        if moved.exit_code:
            return ended("apply", moved, folder)
        if not _local_instances(folder) <= _instances(session.pull_state(hold)):
            return _two_states(folder)
        _drop_local(folder)
        changed = applied.status == "applied"
        record.finish(entry, changed=changed, facts=None, gated=False, terraform=session.tools.binary.version)
        applied.note = f"state migrated to s3://{entry.state_bucket}/{entry.state_key}"
        return applied


def _instances(state: dict[str, Any]) -> set[tuple[str, ...]]:
    """What a state holds, as address parts and id. A migrated state has a new lineage, so that cannot be compared."""
    return {
        (
            str(resource.get("module", "")),
            resource["type"],
            resource["name"],
            str(instance.get("index_key", "")),
            str(instance["attributes"].get("id", "")),
        )
        for resource in state.get("resources", [])
        if resource["mode"] == "managed"
        for instance in resource["instances"]
    }


def _local_instances(folder: StackFolder) -> set[tuple[str, ...]]:
    return _instances(json.loads(folder.local_state.read_bytes()))


def _two_states(folder: StackFolder) -> Ended:
    failure = Failure(
        address="",
        summary="the state in the bucket does not hold what the local state holds",
        detail=f"neither was changed; the local state is {folder.local_state}",
        advice="compare them (`terraform state pull` in the stack's run folder), keep the right one, bootstrap again",
    )
    return Ended("failed", failure=failure)


def _drop_local(folder: StackFolder) -> None:
    for path in (folder.local_state, folder.local_state.with_name(f"{folder.local_state.name}.backup")):
        path.unlink(missing_ok=True)
