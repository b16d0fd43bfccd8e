"""The main job on the embedded AWS: synthesise, gate, bootstrap, apply, plan again, report."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import gate, report, shared, synth

if TYPE_CHECKING:
    from delivery.target import RunningEmulator
    from environments.manifest import Manifest


def options(child: argparse.ArgumentParser) -> None:
    full = f"every account of the organisation in {shared.DEFAULT_CONFIG}"
    child.add_argument("--full", action="store_true", help=full)
    child.add_argument("--config", type=Path, metavar="DIR", help=f"the YAML; without it {shared.SMALL_CONFIG}")
    shared.out(child)
    shared.work(child)
    shared.waivers(child)
    shared.stack(child)
    shared.jobs(child, shared.TERRAFORMS)
    shared.emulated(child)


def run(options: argparse.Namespace) -> int:
    from rich.console import Console

    from delivery.demo import Steps, demo
    from delivery.emulator.override import override
    from environments.manifest import Manifest

    if options.config is None:
        options.config = shared.DEFAULT_CONFIG if options.full else shared.SMALL_CONFIG
    demo(
        options.out,
        work=options.work,
        jobs=options.jobs,
        console=Console(),
        steps=Steps(
            synthesise=lambda: synth.synthesised(options, 1),
            gate=lambda manifest: gate.judged(manifest, options, shared.CORES),
            emulator=lambda manifest: _emulator(manifest, options),
            override=override,
            report=lambda: report.written(Manifest.read(options.out), options),
        ),
    )
    return 0


def _emulator(manifest: Manifest, options: argparse.Namespace) -> AbstractContextManager[RunningEmulator]:
    """One of its own, stopped at the end, or the one that runs already."""
    from delivery.emulator.client import ExistingEmulator
    from delivery.emulator.process import Emulator

    if options.emulated:
        return nullcontext(ExistingEmulator(options.emulated))
    organization = manifest.organization
    log = options.work / organization.name / "emulated" / "logs" / "emulator.log"
    return Emulator(log, management_account=organization.management_account_id, region=organization.home_region)
