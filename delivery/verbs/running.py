"""How verbs run Terraform over stacks."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from delivery.verbs import gate, shared

if TYPE_CHECKING:
    from delivery.run_result import RunResult, Verb
    from delivery.target import Target


def options(child: argparse.ArgumentParser) -> None:
    """What plan, apply and destroy have in common."""
    shared.out(child)
    shared.work(child)
    shared.stack(child)
    shared.jobs(child, shared.TERRAFORMS)
    shared.emulated(child)


def lock_timeout(child: argparse.ArgumentParser) -> None:
    """How long to wait for a state that another run has locked."""
    child.add_argument(
        "--lock-timeout",
        type=shared.natural,
        default=0,
        metavar="SECONDS",
        help="how long to wait for a state that another run has locked",
    )


def deliver(verb: Verb, options: argparse.Namespace) -> RunResult:
    """Run the verb over the chosen stacks of the manifest, and show how it went."""
    from rich.console import Console

    from delivery.progress import ConsoleReporter, table
    from delivery.terraform import run, selected
    from environments.manifest import Manifest

    manifest, console = Manifest.read(options.out), Console()
    with ConsoleReporter(console, len(selected(manifest, options.stack, verb))) as reporter:
        result = run(
            verb,
            manifest,
            options.out,
            target=target(options),
            work=options.work,
            reporter=reporter,
            allowed=gate.allowed(gate.folder(manifest, options)),
            select=options.stack,
            jobs=options.jobs,
            yes_destroy=getattr(options, "yes_destroy", None),
            judged=gate.allowed if getattr(options, "gate_plan", False) else None,
            allow_destroy=getattr(options, "allow_destroy", ()),
            lock_seconds=options.lock_timeout,
        )
    console.print(table(result))
    return result


def target(options: argparse.Namespace) -> Target:
    """AWS, or the running emulator that the options name."""
    from delivery.target import Target

    if not options.emulated:
        return Target.aws()
    from delivery.emulator.client import ExistingEmulator
    from delivery.emulator.override import override

    return Target.emulator(ExistingEmulator(options.emulated), override)
