"""`mlgov plan|apply|destroy`: run Terraform on the stacks of one synthesis, in the order of their graph.

- plan is read-only, so every stack is planned whatever becomes of the others; apply and destroy follow the
  graph: a failed stack blocks what needs it (for destroy: what it needs), independent branches are finished.
- An apply that did not end well leaves a resume marker; the next apply of the same selection does not repeat
  what is done. One that ended well leaves none, so the next plans every stack again.
- On real AWS nothing is applied or destroyed unless the gate has passed exactly these bytes.
- A plan that destroys what holds data is refused, by plan and by apply, unless the run names it (delivery/guard.py).
- destroy leaves the bootstrap stack alone: it holds the state of all others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from delivery import binary, process, saved_plan, schedule
from delivery.guard import Guard
from delivery.resume import Progress
from delivery.run_result import RunResult, StackResult, Status, Verb
from delivery.schedule import Edges
from delivery.session import Toolchain
from delivery.stack_run import Reporter, StackRunner
from delivery.target import Target
from delivery.workspace import Workspace
from environments.manifest import Manifest, StackEntry
from environments.selection import matches, unmatched
from modules.core.errors import ConfigError
from policies.errors import GateError

BOOTSTRAP = "bootstrap"
Allowed = Callable[[str, str], bool]
Work = Callable[[str], StackResult]
_GOOD: frozenset[Status] = frozenset({"applied", "unchanged", "planned", "destroyed", "done-before"})


def run(
    verb: Verb,
    manifest: Manifest,
    out: Path,
    *,
    target: Target,
    work: Path,
    reporter: Reporter,
    allowed: Allowed,
    select: str | None = None,
    jobs: int = 1,
    yes_destroy: str | None = None,
    judged: Callable[[Path], Allowed] | None = None,
    allow_destroy: Sequence[str] = (),
    lock_seconds: int = 0,
) -> RunResult:
    """Run `plan`, `apply` or `destroy`, write `last-<verb>.json` and return the same.

    `select` are globs over stack ids (environments/selection.py); `jobs` how many stacks run at once;
    `allowed(stack id, sha256)` the gate's verdict, asked only for real AWS; `yes_destroy` the organisation's name,
    needed to destroy on real AWS; `judged(folder)` the gate's verdict over plans, kept in that folder: where given,
    apply carries out nothing else; `allow_destroy` what a plan or apply may destroy although it holds data, each as
    `STACK:ADDRESS`; `lock_seconds` how long to wait for a state that another run has locked.
    Raises, before anything runs: ConfigError (nothing selected, destroy not confirmed, `allow_destroy` of no stack
    here), ManifestError (a stack's bytes are not the manifest's), GateError (no verdict over stack or plan),
    TerraformError (no binary, no providers).
    """
    chosen = selected(manifest, select, verb)
    confirm(verb, manifest, target, yes_destroy)
    guard = Guard.of(allow_destroy, [entry.id for entry in chosen])
    space = Workspace.open(work, out, manifest, target)
    check(chosen, space, allowed if verb != "plan" else None)
    passed = judged(space.plans) if judged else None
    if passed:
        check_plans(chosen, space, passed)
    progress = Progress(space.progress, select=select) if verb == "apply" else None
    if verb == "destroy":
        space.progress.unlink(missing_ok=True)  # what an unfinished apply had done may be done no longer

    def order(runner: StackRunner) -> tuple[Edges, Work]:
        runner.progress, runner.judged, runner.guard, runner.lock_seconds = progress, passed, guard, lock_seconds
        if verb == "plan":
            return dict.fromkeys(runner.edges, ()), runner.plan
        if verb == "apply":
            return runner.edges, runner.apply
        return schedule.reverse(runner.edges), runner.destroy

    result = execute(verb, manifest, space, chosen, reporter=reporter, order=order, select=select, jobs=jobs)
    if progress and result.ok:
        progress.clear()
    return result


def execute(
    verb: Verb,
    manifest: Manifest,
    space: Workspace,
    chosen: Sequence[StackEntry],
    *,
    reporter: Reporter,
    order: Callable[[StackRunner], tuple[Edges, Work]],
    select: str | None = None,
    jobs: int = 1,
) -> RunResult:
    """Run what `order` says of the chosen stacks, heeding Ctrl-C; write `last-<verb>.json` and return the same."""
    started, began = datetime.now(UTC), time.monotonic()
    results = run_stacks(manifest, space, chosen, reporter=reporter, order=order, jobs=jobs)
    result = RunResult(
        verb=verb,
        organization=manifest.organization.name,
        target=space.target.name,
        select=select,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - began, 1),
        stacks=tuple(results[entry.id] for entry in chosen),
    )
    result.write(space.last(verb))
    return result


def run_stacks(
    manifest: Manifest,
    space: Workspace,
    chosen: Sequence[StackEntry],
    *,
    reporter: Reporter,
    order: Callable[[StackRunner], tuple[Edges, Work]],
    jobs: int = 1,
) -> dict[str, StackResult]:
    """Run what `order` says of the chosen stacks, heeding Ctrl-C; the results by stack."""
    edges = schedule.dependencies(manifest, (entry.id for entry in chosen))
    with process.interruptible() as stop:
        runner = StackRunner(manifest, Toolchain.open(binary.find(), space, stop), reporter, edges)
        ordered, work = order(runner)
        return schedule.run(ordered, jobs=jobs, stop=stop, work=work, good=is_good, skip=runner.skip)


def is_good(result: StackResult) -> bool:
    """Whether stacks that wait for this one may start."""
    return result.status in _GOOD


def selected(manifest: Manifest, select: str | None, verb: Verb) -> list[StackEntry]:
    """The stacks of the manifest that `select` names; raises ConfigError when there are none, or none for a glob."""
    there = [entry for entry in manifest.stacks if not (verb == "destroy" and entry.stack == BOOTSTRAP)]
    for glob in unmatched(select, (entry.id for entry in there)):
        raise ConfigError(f"--stack {glob}: no stack to {verb}; `mlgov graph` lists the ids")
    if not there:
        raise ConfigError(f"there is no stack to {verb}: run `mlgov synth`")
    return [entry for entry in there if matches(entry.id, select)]


def confirm(verb: Verb, manifest: Manifest, target: Target, yes_destroy: str | None) -> None:
    """Raise ConfigError for a destroy on real AWS that does not name the organisation."""
    name = manifest.organization.name
    if verb == "destroy" and not target.emulated and yes_destroy != name:
        raise ConfigError(f"this would destroy stacks of {name} in AWS: repeat with `--yes-destroy {name}`")


def check(chosen: Sequence[StackEntry], space: Workspace, allowed: Allowed | None) -> None:
    """Raise unless every stack's bytes are the manifest's and, on real AWS, `allowed` says the gate passed them."""
    for entry in chosen:
        space.source(entry)
    if allowed is None or space.target.emulated:
        return
    refused = [entry.id for entry in chosen if not allowed(entry.id, entry.sha256)]
    if refused:
        raise GateError(
            f"the gate has not passed exactly these bytes of: {', '.join(refused)}. Run `mlgov gate`, then again."
        )


def check_plans(chosen: Sequence[StackEntry], space: Workspace, judged: Allowed) -> None:
    """Raise GateError unless every stack has a plan of its bytes that changes nothing or that the gate has passed."""
    refused = []
    for entry in chosen:
        facts = saved_plan.read(space.folder(entry.id), entry)
        if facts is None or (facts.changes and not judged(entry.id, facts.document)):
            refused.append(entry.id)
    if refused:
        raise GateError(
            f"the gate has passed no plan of exactly these bytes of: {', '.join(refused)}. Run `mlgov plan --gate`, "
            "then again. A stack whose producers are not applied yet cannot be planned: go wave by wave with --stack."
        )
