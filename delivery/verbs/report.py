"""Write the HTML report of the last synthesis, gate, apply and plan."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import gate, shared

if TYPE_CHECKING:
    from environments.manifest import Manifest


def options(child: argparse.ArgumentParser) -> None:
    shared.out(child)
    shared.work(child)


def run(options: argparse.Namespace) -> int:
    from environments.manifest import Manifest

    shared.say(str(written(Manifest.read(options.out), options)))
    return 0


def written(manifest: Manifest, options: argparse.Namespace) -> Path:
    """The page, written."""
    from policies.report import html
    from policies.report.data import collect

    root = options.work / manifest.organization.name
    results = [gate.folder(manifest, options) / "verdict.json"]
    # The target that was worked on last is the one to tell of.
    runs = max((root / "aws", root / "emulated"), key=lambda folder: _modified(folder / "last-apply.json"))
    results += [runs / "last-apply.json", runs / "last-plan.json"]
    verdict, applied, planned = (
        json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None for path in results
    )
    page: Path = root / "report.html"
    html.write(collect(manifest.model_dump(mode="json"), verdict, applied, planned, shared.today()), page)
    return page


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.is_file() else 0.0
