"""`mlgov retire`: take stacks that left the YAML out of what is committed, once nothing of them is left (ADR 40)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, BinaryIO

from delivery.run_result import Failure, RunResult
from delivery.schedule import Edges
from delivery.session import Session
from delivery.stack_run import Ended, Reporter, StackRunner
from delivery.target import Target
from delivery.terraform import Work, check, execute, is_good
from delivery.workspace import Workspace
from environments.live import take_out
from environments.manifest import Manifest, StackEntry
from modules.core.errors import ConfigError, TerraformError

NAMED = 5  # resources that are named; of the others there is the number


def retire(
    manifest: Manifest, out: Path, *, target: Target, work: Path, reporter: Reporter, names: Collection[str], jobs: int
) -> RunResult:
    """Ask Terraform for the state of the retired stacks `names`, of all without; take out those that hold nothing.

    A stack whose state still holds a resource, or cannot be read, fails and stays as it is. Raises ConfigError, before
    anything runs, when there is nothing to retire or a name is of no retired stack.
    """
    chosen = _chosen(manifest, names)
    space = Workspace.open(work, out, manifest, target)
    check(chosen, space, None)

    def order(runner: StackRunner) -> tuple[Edges, Work]:
        def look(entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
            return _looked(runner, entry, session, hold)

        return dict.fromkeys(runner.edges, ()), lambda stack_id: runner.in_folder(stack_id, look)

    result = execute("retire", manifest, space, chosen, reporter=reporter, order=order, jobs=jobs)
    if gone := {stack.id for stack in result.stacks if is_good(stack)}:
        take_out(out, gone)
    return result


def _chosen(manifest: Manifest, names: Collection[str]) -> list[StackEntry]:
    retired = [entry for entry in manifest.stacks if entry.retired]
    if strange := sorted(set(names) - {entry.id for entry in retired}):
        raise ConfigError(
            f"{', '.join(strange)}: no retired stack; one is retired when it has left the YAML and `synth --live` "
            "has written that"
        )
    if not retired:
        raise ConfigError("no stack is retired: every stack in the folder is in the YAML")
    return [entry for entry in retired if not names or entry.id in names]


def _looked(runner: StackRunner, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
    if failed := runner.ensure_init(entry, session, hold, "plan"):
        return failed
    try:
        held = _managed(session.pull_state(hold))
    except TerraformError as error:
        return Ended(
            "failed", failure=Failure(address="", summary="the state cannot be read", detail=str(error), advice="")
        )
    if not held:
        return Ended("unchanged", note="its state holds nothing: taken out")
    more = f" and {len(held) - NAMED} more" if len(held) > NAMED else ""
    failure = Failure(
        address=held[0],
        summary=f"the state of {entry.id} still holds {len(held)} resource{'' if len(held) == 1 else 's'}",
        detail=f"{', '.join(held[:NAMED])}{more}: without its folder nobody would take that down",
        advice=f"apply it first: `mlgov apply --stack {entry.id}`, or as pull requests are applied; then retire it",
    )
    return Ended("failed", failure=failure)


def _managed(state: dict[str, Any]) -> list[str]:
    return sorted(
        ".".join(part for part in (each.get("module", ""), each["type"], each["name"]) if part)
        for each in state.get("resources", [])
        if each["mode"] == "managed"
    )
