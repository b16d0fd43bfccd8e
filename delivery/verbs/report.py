"""Write the HTML report of the last synthesis, gate, apply and plan."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.verbs import controls, gate, shared

if TYPE_CHECKING:
    from delivery.workspace import Workspace
    from environments.manifest import Manifest
    from policies.report.plans import Plans


def options(child: argparse.ArgumentParser) -> None:
    shared.out(child)
    shared.work(child)


def run(options: argparse.Namespace) -> int:
    from environments.manifest import Manifest

    shared.say(str(written(Manifest.read(options.out), options)))
    return 0


def written(manifest: Manifest, options: argparse.Namespace) -> Path:
    """The page, written."""
    from delivery.target import Target
    from delivery.workspace import Workspace
    from policies.catalogue import shipped
    from policies.cost.prices import shipped as prices
    from policies.report import html
    from policies.report.costs import view
    from policies.report.data import collect
    from policies.report.models import registered
    from policies.report.releases import releases
    from policies.report.sources import Sources

    root = options.work / manifest.organization.name
    spaces = [Workspace(root / target.name, options.out, target) for target in (Target("aws"), Target("emulated"))]
    # The target that was worked on last is the one to tell of.
    space = max(spaces, key=lambda space: max(_modified(space.last(verb)) for verb in ("apply", "plan", "drift")))
    documents = manifest.documents(options.out)
    accounts = {entry.id: entry.account for entry in manifest.stacks}
    ids = {account.name: account.id for account in manifest.organization.accounts if account.id}
    listed = manifest.model_dump(mode="json")
    data = collect(
        listed,
        _verdict(gate.folder(manifest, options)),
        _result(space.last("apply")),
        _result(space.last("plan")),
        shared.today(),
        coverage=controls.measured(shipped(), manifest, options),
        catalogue=shipped(),
        drift=_drift(space.last("drift")),
        plans=_plans(space, manifest),
        models=registered(documents),
        releases=releases(Sources(documents, accounts, ids)),
        cost=view(listed, documents, prices(), shared.today()),
    )
    page: Path = root / "report.html"
    html.write(data, page)
    return page


def _plans(space: Workspace, manifest: Manifest) -> Plans:
    """What the gate said of the saved plans, and which of them are there."""
    from environments.manifest import digest
    from policies.report.plans import Plans

    documents = {entry.id: space.folder(entry.id).plan_document for entry in manifest.stacks}
    there = {name: digest(path) for name, path in documents.items() if path.is_file()}
    return Plans(_verdict(space.plans), there)


def _verdict(folder: Path) -> Any:
    """The verdict there as JSON, None where the gate never ran. Raises GateError when it cannot be read."""
    from policies.report.results import FILE_NAME
    from policies.verdict import Verdict

    return Verdict.read(folder).model_dump(mode="json") if (folder / FILE_NAME).is_file() else None


def _result(path: Path) -> Any:
    """The result of a run as JSON, None where there was none. Raises TerraformError when it cannot be read."""
    from delivery.run_result import RunResult

    return RunResult.read(path).model_dump(mode="json") if path.is_file() else None


def _drift(path: Path) -> Any:
    """What is known of drift as JSON, None where nobody has looked. Raises TerraformError when it cannot be read."""
    from delivery.drift.model import DriftResult

    found = DriftResult.read(path)
    return found.model_dump(mode="json") if found else None


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.is_file() else 0.0
