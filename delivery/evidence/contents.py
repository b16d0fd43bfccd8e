"""The files of an evidence pack, read from where synthesis, gate and delivery left them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from delivery import saved_plan
from delivery.evidence.model import EvidenceError
from delivery.workspace import Workspace
from environments.manifest import FILE_NAME, Manifest, StackEntry

CDKTF_MANIFEST = "manifest.json"
SYNTHESIS, GATE, PLAN_GATE, PLANS, APPLIED = "synthesis", "gate", "plan-gate", "plans", "applied"
WAIVERS = "waivers.yaml"


def gather(manifest: Manifest, space: Workspace, *, results: Path, waivers: Path) -> dict[str, bytes]:
    """Every file of the pack but its own manifest and sums, by its path in the pack.

    `results` is the folder of the gate's results over the stacks. Terraform's plan files stay out: they hold secrets.
    Raises ManifestError when a stack's bytes are not the manifest's, EvidenceError when a file cannot be read.
    """
    files = {f"{SYNTHESIS}/{FILE_NAME}": _content(space.out / FILE_NAME), WAIVERS: _content(waivers)}
    if (space.out / CDKTF_MANIFEST).is_file():
        files[f"{SYNTHESIS}/{CDKTF_MANIFEST}"] = _content(space.out / CDKTF_MANIFEST)
    for entry in manifest.stacks:
        files[stack_name(entry)] = space.source(entry)
        for name in entry.assets:
            files[asset_name(entry, name)] = _content((space.out / entry.path).parent / name)
        files |= {name: _content(path) for name, path in _of_runs(entry, space)}
    for folder, name in ((results, GATE), (space.plans, PLAN_GATE)):
        files |= {f"{name}/{path.name}": _content(path) for path in _results(folder)}
    return files


def stack_name(entry: StackEntry) -> str:
    """Where the pack has the stack's JSON."""
    return f"{SYNTHESIS}/{entry.path}"


def asset_name(entry: StackEntry, asset: str) -> str:
    """Where the pack has a file that the stack ships."""
    return f"{stack_name(entry).rpartition('/')[0]}/{asset}"


def facts_name(folder: str, entry: StackEntry) -> str:
    """Where the pack has the facts of a plan or the record of an apply."""
    return f"{folder}/{entry.id}.json"


def document_name(folder: str, entry: StackEntry) -> str:
    """Where the pack has the document of that plan."""
    return f"{folder}/{entry.id}.plan.json"


def _of_runs(entry: StackEntry, space: Workspace) -> Iterator[tuple[str, Path]]:
    folder = space.folder(entry.id)
    facts = saved_plan.read(folder, entry)
    if facts:
        yield facts_name(PLANS, entry), folder.plan_facts
    if facts and facts.changes:
        yield document_name(PLANS, entry), folder.plan_document
    if folder.applied.is_file():
        yield facts_name(APPLIED, entry), folder.applied
    if folder.applied_document.is_file():
        yield document_name(APPLIED, entry), folder.applied_document


def _results(folder: Path) -> list[Path]:
    """What the gate wrote there; a hidden file is one that it has not finished."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceError([f"{path} cannot be read ({error.strerror}): no evidence was written"]) from error
