"""Take stacks that left the YAML out of live/ once nothing of them is left.

`mlgov synth --live` keeps such a stack in a form whose apply takes down what it had made, and leaves alone what holds
data. This asks Terraform for the state: a stack that still holds something stays, and is told (ADR 40).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from delivery.verbs import running, shared


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument("stacks", nargs="*", metavar="STACK", help="ids of retired stacks; without one all of them")
    child.add_argument("--out", type=Path, default=Path("live"), metavar="DIR", help="the committed output")
    shared.work(child)
    shared.jobs(child, shared.TERRAFORMS)
    shared.emulated(child)


def run(options: argparse.Namespace) -> int:
    from rich.console import Console

    from delivery.progress import ConsoleReporter, table
    from delivery.retire import retire
    from environments.manifest import Manifest

    manifest, console = Manifest.read(options.out), Console()
    with ConsoleReporter(console, len(options.stacks) or len(manifest.stacks)) as reporter:
        result = retire(
            manifest,
            options.out,
            target=running.target(options),
            work=options.work,
            reporter=reporter,
            names=options.stacks,
            jobs=options.jobs,
        )
    console.print(table(result))
    return result.exit_code()
