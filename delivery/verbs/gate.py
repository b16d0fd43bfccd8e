"""Judge the synthesised stacks; writes verdict.json, results.sarif and junit.xml."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import shared

if TYPE_CHECKING:
    from environments.manifest import Manifest
    from policies.verdict import Verdict


def options(child: argparse.ArgumentParser) -> None:
    shared.out(child)
    shared.work(child)
    shared.waivers(child)
    shared.jobs(child, shared.CORES)


def run(options: argparse.Namespace) -> int:
    from rich.console import Console

    from environments.manifest import Manifest
    from policies.report.table import show

    manifest = Manifest.read(options.out)
    verdict = judged(manifest, options, options.jobs)
    show(verdict, Console())
    shared.say(f"results: {folder(manifest, options)}")
    return 0 if verdict.passed else shared.EXIT_GATE


def judged(manifest: Manifest, options: argparse.Namespace, jobs: int) -> Verdict:
    """The verdict over all stacks of the manifest, written where `folder` says."""
    from policies.gate import StackFile
    from policies.gate import run as judge

    verdict = judge(
        [StackFile(entry.id, options.out / entry.path, entry.sha256) for entry in manifest.stacks],
        waivers=options.waivers,
        today=shared.today(),
        jobs=jobs,
        cache=cache(options),
        manifest=manifest.model_dump(mode="json"),
    )
    verdict.write(folder(manifest, options))
    return verdict


def folder(manifest: Manifest, options: argparse.Namespace) -> Path:
    """Where the results over the stacks are."""
    found: Path = options.work / manifest.organization.name / "gate"
    return found


def cache(options: argparse.Namespace) -> Path:
    """Where kept scans are."""
    found: Path = options.work / "cache" / "gate"
    return found


def allowed(results: Path) -> Callable[[str, str], bool]:
    """Whether the last verdict there covers the bytes of a stack, or of a plan. Read when first asked."""
    day = shared.today()

    def covers(stack_id: str, sha256: str) -> bool:
        from policies.verdict import Verdict

        return Verdict.read(results).covers(stack_id, sha256, day)

    return covers
