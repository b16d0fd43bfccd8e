"""`live/`: the synthesis as it is committed, by environment and account, so that people and Atlantis read Terraform.

The bytes of a stack are those of every synthesis. Beside its JSON and assets a stack has the provider lock file that
stands in the configuration folder, where there is one: Terraform writes it, synthesis only copies it. What else lies in
`live/` (`.terraform` of a run by hand, say) is moved along with it and never taken for a stack.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from environments.build import render
from environments.folder import exchange, is_ours
from environments.graph import StackGraph
from environments.load import load
from environments.manifest import FILE_NAME, Manifest, ManifestError, StackEntry
from environments.retirement import carried
from modules.core.errors import ConfigError

# Written by `mlgov synth --live --lock` and committed; Terraform wants it in each root, under its own name.
LOCK_SOURCE = "terraform.lock.hcl"
LOCK_FILE = ".terraform.lock.hcl"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written; `kept` is what else lies there that mlgov did not write, by path below the folder.

    `closed` are stacks that were left out at once, as their account is closed and takes them with it.
    """

    manifest: Manifest
    kept: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def write(config: Path, out: Path, *, select: str | None = None, jobs: int = 1) -> Written:
    """Write the stacks of the organisation in `config` to `out`, whole or not at all.

    `select` and `jobs` are those of `build.synthesise`. Raises ConfigError for faulty YAML, for a folder that
    is not ours, or one whose manifest cannot be read: only it knows which stacks have left. Then `out` is untouched.
    """
    with _made(config, out, select, jobs) as (manifest, before, fresh):
        exchange(fresh, out)
        now = {entry.id for entry in manifest.stacks}
        closed = tuple(entry.id for entry in before.stacks if entry.id not in now) if before else ()
        kept = tuple(_moved(fresh, out, _known(before, config))) if before else ()
    return Written(manifest, kept, closed)


def stale(config: Path, out: Path, *, jobs: int = 1) -> list[str]:
    """What in `out` is not as `write` would leave it, a line for each file; nothing is written. Raises as `write`."""
    with _made(config, out, None, jobs) as (manifest, before, fresh):
        wanted, lines = _known(manifest, config), []
        for path in sorted(wanted):
            there, here = _bytes(out / path), _bytes(fresh / path)
            if there != here:
                lines.append(f"{'missing' if there is None else 'differs'}: {path}")
        gone = _known(before, config) - wanted if before else set()
        lines += [f"not wanted: {path}" for path in sorted(gone) if (out / path).exists()]
        lines += [f"not written by mlgov: {path}" for path in manifest.strays(out) if path not in gone]
        return lines


def place_lock(config: Path, out: Path, manifest: Manifest) -> None:
    """Copy the lock file in `config`, if there is one, into the folder of every stack below `out`."""
    source = config / LOCK_SOURCE
    if source.is_file():
        for entry in manifest.stacks:
            shutil.copyfile(source, out / _lock(entry))


def retired(out: Path, graph: StackGraph) -> list[StackEntry]:
    """The stacks that wait in `out`, and in no graph any more, to be taken down; none where nothing is committed.

    Raises ManifestError when the folder is there and its manifest cannot be read.
    """
    if not out.is_dir():
        return []
    composed = {node.id for node in graph.nodes.values()}
    return [entry for entry in Manifest.parse(out).stacks if entry.retired and entry.id not in composed]


def take_out(out: Path, stack_ids: Collection[str]) -> Manifest:
    """Remove the folders of these stacks, and their entries; returns what is left. Files of others stay where they are.

    The index is written first: a folder that is left by a kill is one that nobody wrote, which every verb refuses.
    """
    before = Manifest.read(out)
    entries = tuple(
        entry.model_copy(update={"depends_on": tuple(each for each in entry.depends_on if each not in stack_ids)})
        for entry in before.stacks
        if entry.id not in stack_ids
    )
    after = before.model_copy(update={"stacks": entries})
    after.write(out)
    for entry in before.stacks:
        if entry.id in stack_ids:
            for path in (*entry.files, _lock(entry)):
                (out / path).unlink(missing_ok=True)
            _prune(out / entry.folder, out)
    return after


def _prune(folder: Path, out: Path) -> None:
    """Remove the folder and those above it up to `out`, as far as they are empty."""
    while folder != out and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


@contextmanager
def _made(config: Path, out: Path, select: str | None, jobs: int) -> Iterator[tuple[Manifest, Manifest | None, Path]]:
    """The manifest of what `out` should hold, that of what it holds, and a folder with the former beside `out`."""
    graph = StackGraph(load(config))
    chosen = graph.select(select)
    before = _before(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as scratch:
        fresh = Path(scratch) / "new"
        fresh.mkdir()
        if select is not None and before is not None:
            _copy([entry for entry in before.stacks if entry.id in graph.nodes], out, fresh)
        manifest = render(graph, chosen, Path(scratch), fresh, jobs=jobs, layout="live")
        if before is not None:
            retired = carried(graph, before, out, fresh)
            manifest = manifest.model_copy(update={"stacks": (*manifest.stacks, *retired)})
        place_lock(config, fresh, manifest)
        manifest.write(fresh)
        yield manifest, before, fresh


def _before(out: Path) -> Manifest | None:
    if not is_ours(out):
        raise ConfigError(
            f"--out {out}: the folder has no {FILE_NAME}, which says what mlgov wrote there: name a new or empty "
            "folder, or get the file back (git checkout)"
        )
    if not (out / FILE_NAME).is_file():
        return None
    try:
        before = Manifest.parse(out)
    except ManifestError as error:
        raise ConfigError(
            f"{error}\nWithout it nobody knows which stacks have left the YAML since: get the file back (git checkout)"
        ) from None
    if before.layout != "live":
        raise ConfigError(f"--out {out}: the folder is laid out for the cdktf CLI; name another one, such as live")
    return before


def _copy(entries: Sequence[StackEntry], out: Path, fresh: Path) -> None:
    for path in (path for entry in entries for path in entry.files if (out / path).is_file()):
        (fresh / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(out / path, fresh / path)


def _known(manifest: Manifest, config: Path) -> set[str]:
    """Every file that mlgov writes for this manifest, by path below its folder.

    A lock file is ours only where we have what it is copied from; else it is what a Terraform run by hand left.
    """
    locks = [_lock(entry) for entry in manifest.stacks] if (config / LOCK_SOURCE).is_file() else []
    return {FILE_NAME, *locks, *(path for entry in manifest.stacks for path in entry.files)}


def _lock(entry: StackEntry) -> str:
    return f"{entry.folder}/{LOCK_FILE}"


def _moved(old: Path, new: Path, known: set[str], below: str = "") -> Iterator[str]:
    """Move what is not `known` from the old folder to its place in the new one; gives each path."""
    for child in sorted((old / below).iterdir()):
        path = f"{below}/{child.name}" if below else child.name
        if path in known:
            continue
        if child.is_dir() and not child.is_symlink() and any(each.startswith(f"{path}/") for each in known):
            yield from _moved(old, new, known, path)
        elif not (new / path).exists():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            child.rename(new / path)
            yield path


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
