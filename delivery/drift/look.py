"""`mlgov drift`: plan every stack, read what differs, and join it with what was known before.

A plan reads: with refresh, it compares state, world and configuration, and writes no state (so does `-refresh-only`,
which would leave out what the configuration says). It takes no lock, so that a scheduled run never keeps an apply
waiting; what it sees of a stack that is being applied at that moment, the next run corrects. Its plan is not the one
that `mlgov plan` saves: it is read and removed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from delivery.apply_record import Applied, read
from delivery.drift.model import Difference, DriftResult, StackDrift, State
from delivery.drift.reading import differences
from delivery.run_result import Failure, StackResult
from delivery.schedule import Edges
from delivery.session import Session
from delivery.stack_run import Ended, Reporter, StackRunner
from delivery.target import Target
from delivery.terraform import Work, check, run_stacks, selected
from delivery.workspace import Workspace
from environments.manifest import Manifest, StackEntry
from modules.core.errors import TerraformError

Found = dict[str, tuple[Difference, ...]]


def look(
    manifest: Manifest,
    out: Path,
    *,
    target: Target,
    work: Path,
    reporter: Reporter,
    select: str | None = None,
    jobs: int = 1,
) -> DriftResult:
    """Plan the stacks that `select` names, write `last-drift.json` and return the same.

    Raises, before anything runs, as `delivery.terraform.run` does for a plan; TerraformError when what was known
    before cannot be read.
    """
    started, began = datetime.now(UTC), time.monotonic()
    chosen = selected(manifest, select, "plan")
    space = Workspace.open(work, out, manifest, target)
    check(chosen, space, None)
    before = DriftResult.read(space.last("drift"))
    found: Found = {}

    def order(runner: StackRunner) -> tuple[Edges, Work]:
        return dict.fromkeys(runner.edges, ()), _Look(runner, found).run

    results = run_stacks(manifest, space, chosen, reporter=reporter, order=order, jobs=jobs)
    now = started.isoformat(timespec="seconds")
    result = DriftResult(
        organization=manifest.organization.name,
        partition=manifest.organization.partition,
        home_region=manifest.organization.home_region,
        target=target.name,
        started=now,
        seconds=round(time.monotonic() - began, 1),
        planned=tuple(entry.id for entry in chosen),
        stacks=tuple(_stacks(manifest, space, results, found, before, now)),
    )
    result.write(space.last("drift"))
    return result


class _Look:
    """Plans stacks, and keeps what differs in each."""

    def __init__(self, runner: StackRunner, found: Found) -> None:
        self._runner, self._found = runner, found

    def run(self, stack_id: str) -> StackResult:
        """Look at one stack."""
        return self._runner.in_folder(stack_id, self._look)

    def _look(self, entry: StackEntry, session: Session, hold: BinaryIO) -> Ended:
        plan = session.folder.drift_plan
        try:
            done = self._runner.run_in(
                entry, session, hold, "plan", "-json", "-detailed-exitcode", "-lock=false", f"-out={plan}"
            )
            if done.status not in ("planned", "unchanged"):
                return done
            record = read(session.folder)
            self._found[entry.id] = seen = differences(
                entry.id,
                json.loads(self._runner.tools.space.source(entry)),
                session.read_plan(hold, plan),
                of_these_bytes=_is_of(record, entry),
            )
        except TerraformError as error:
            failure = Failure(address="", summary="the plan cannot be read", detail=str(error), advice="")
            return Ended("interrupted" if self._runner.tools.stop.requested else "failed", failure=failure)
        finally:
            plan.unlink(missing_ok=True)
        if drifted := sum(each.counts for each in seen):
            done.remark(f"{drifted} drifted")
        return done


def _is_of(record: Applied | None, entry: StackEntry) -> bool:
    return record is not None and not record.unfinished and record.sha256 == entry.sha256


def _stacks(
    manifest: Manifest,
    space: Workspace,
    results: Mapping[str, StackResult],
    found: Found,
    before: DriftResult | None,
    now: str,
) -> Iterator[StackDrift]:
    """Every stack of which something is known, in the manifest's order; those that are no more come last, once."""
    known = {stack.id: stack for stack in before.stacks} if before else {}
    for entry in manifest.stacks:
        earlier = known.pop(entry.id, None)
        if entry.id in results:
            yield _stack(entry, space, results[entry.id], found.get(entry.id), earlier, now)
        elif earlier:
            yield earlier
    for earlier in known.values():
        if earlier.state != "gone":
            yield earlier.model_copy(
                update={"state": "gone", "checked": now, "differences": (), "ended": earlier.acted_on}
            )


def _stack(
    entry: StackEntry,
    space: Workspace,
    result: StackResult,
    found: tuple[Difference, ...] | None,
    earlier: StackDrift | None,
    now: str,
) -> StackDrift:
    record = read(space.folder(entry.id))
    if found is None:  # nothing has ended where nothing could be seen
        there = earlier.differences if earlier else ()
        ended: tuple[Difference, ...] = ()
    else:
        since = {(each.address, each.counts): each.since for each in earlier.differences} if earlier else {}
        there = tuple(each.model_copy(update={"since": since.get((each.address, each.counts), now)}) for each in found)
        counted = {each.address for each in there if each.counts}
        ended = tuple(each for each in (earlier.acted_on if earlier else ()) if each.address not in counted)
    return StackDrift(
        id=entry.id,
        account=entry.account,
        environment=entry.environment,
        region=entry.region,
        tier=entry.tier,
        owner=entry.owner,
        state=_state(found),
        checked=now if found is not None else earlier.checked if earlier else "",
        applied=record.finished if record else "",
        of_these_bytes=_is_of(record, entry),
        differences=there,
        ended=ended,
        failure=result.failure,
        log=result.log,
    )


def _state(found: tuple[Difference, ...] | None) -> State:
    if found is None:
        return "failed"
    if any(each.counts for each in found):
        return "drifted"
    return "ahead" if any(each.kind == "ahead" for each in found) else "in-sync"
