"""`make demo`: the main job from YAML to report on the embedded AWS, in one go.

main.py passes in the steps that are not delivery's (`Steps`), so this file is the order of the main job and
nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from delivery.accounts import buckets_by_account
from delivery.bootstrap import bootstrap
from delivery.progress import ConsoleReporter
from delivery.run_result import RunResult, Verb
from delivery.target import Document, RunningEmulator, Target
from delivery.terraform import BOOTSTRAP, run
from environments.manifest import Manifest
from modules.core.errors import TerraformError
from policies.errors import GateError
from policies.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of the main job that others own. `report` is called after the last plan and gives the page's path."""

    synthesise: Callable[[], Manifest]
    gate: Callable[[Manifest], Verdict]
    emulator: Callable[[Manifest], AbstractContextManager[RunningEmulator]]
    override: Callable[[Document], Document]
    report: Callable[[], Path]


def demo(out: Path, *, work: Path, jobs: int, console: Console, steps: Steps) -> None:
    """Run the main job and print its table.

    Raises at the first step that does not end well: ConfigError from synthesis, GateError when the gate has not
    passed, TerraformError naming stack, resource and log file when a stack fails, drifts, or when the accounts'
    buckets do not lie apart. The emulator is stopped in every case.
    """
    began = time.monotonic()
    console.rule("synthesise")
    manifest = steps.synthesise()
    console.print(f"{len(manifest.stacks)} stacks in {out}")
    console.rule("gate")
    verdict = steps.gate(manifest)
    if not verdict.passed:
        raise GateError(f"the gate has not passed: {verdict.counts.failed} failed, {len(verdict.faults)} faults")
    console.print(f"{verdict.counts.passed} checks passed, {verdict.counts.waived} waived")

    with steps.emulator(manifest) as emulator:
        target = Target.emulator(emulator, steps.override)

        def deliver(verb: Verb) -> RunResult:
            console.rule(verb)
            total = sum(verb != "bootstrap" or entry.stack == BOOTSTRAP for entry in manifest.stacks)
            with ConsoleReporter(console, total) as reporter:
                if verb == "bootstrap":
                    result = bootstrap(
                        manifest, out, target=target, work=work, reporter=reporter, allowed=lambda stack, sha256: True
                    )
                else:
                    result = run(
                        verb,
                        manifest,
                        out,
                        target=target,
                        work=work,
                        reporter=reporter,
                        allowed=lambda stack, sha256: True,
                        jobs=jobs,
                    )
            _require_success(result)
            return result

        deliver("bootstrap")
        applied = deliver("apply")
        console.rule("accounts")
        show_accounts(console, buckets_by_account(emulator.environment()))
        planned = deliver("plan")
    page = steps.report()
    console.print(_summary(manifest, verdict, applied, planned, seconds=time.monotonic() - began, page=page))
    if planned.drifted:
        drifted = ", ".join(f"{stack.id} (log: {stack.log})" for stack in planned.drifted)
        raise TerraformError(f"the second plan found changes in: {drifted}")


def _require_success(result: RunResult) -> None:
    if result.ok:
        return
    lines = [
        f"{stack.id} {stack.status}: {stack.failure.describe() if stack.failure else stack.note}\nlog: {stack.log}"
        for stack in result.stacks
        if stack.status in ("failed", "interrupted", "blocked")
    ]
    raise TerraformError(f"{result.verb} did not end well\n" + "\n".join(lines))


def show_accounts(console: Console, buckets: dict[str, list[str]]) -> None:
    """Show that the resources lie in different accounts, and raise TerraformError if they do not."""
    holding = {account: names for account, names in buckets.items() if names}
    for account, names in holding.items():
        console.print(f"as {account}: {', '.join(names)}", highlight=False)
    everything = [name for names in holding.values() for name in names]
    if len(holding) < 2 or len(set(everything)) != len(everything):
        raise TerraformError(
            f"buckets were expected in two accounts or more, each seen by its own account only; found {buckets}"
        )


def _summary(
    manifest: Manifest, verdict: Verdict, applied: RunResult, planned: RunResult, *, seconds: float, page: Path
) -> Table:
    counts = verdict.counts
    done = sum(stack.status in ("applied", "unchanged", "done-before") for stack in applied.stacks)
    table = Table(title=f"{manifest.organization.name} on the embedded AWS", show_header=False)
    for name, value in (
        ("stacks", str(len(manifest.stacks))),
        ("resources", str(sum(entry.resources for entry in manifest.stacks))),
        ("checks", f"{counts.passed} passed, {counts.failed} failed, {counts.waived} waived"),
        ("applied", f"{done} of {len(applied.stacks)} stacks"),
        ("drift", f"{len(planned.drifted)} stacks"),
        ("seconds", f"{seconds:.0f}"),
        ("report", str(page)),
    ):
        table.add_row(name, value)
    return table
