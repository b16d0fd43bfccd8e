"""The organisations that this repository holds, each synthesised once for all tests of a run that only read it."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from environments.build import synthesise
from environments.manifest import Manifest, StackEntry

ROOT = Path(__file__).parents[2]
ORGANISATIONS = {"acme": ROOT / "environments", "minnow": ROOT / "examples" / "small"}
# The folder of an organisation's synthesis, by its name. It is shared: nothing may be written there.
Synthesised = Callable[[str], Path]


def synthesised(name: str, shared: Path) -> Path:
    """The synthesis of the organisation below `shared`, which every process of a run sees; made if it is missing."""
    return once(shared / f"synthesis-{name}", lambda target: synthesise(ORGANISATIONS[name], target))


def once(target: Path, make: Callable[[Path], object]) -> Path:
    """`target`, which `make` writes whole or not at all; other processes of the run wait for the first that asks."""
    with target.with_name(f"{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # held until the file is closed, by a process that dies, too
        if not target.exists():
            make(target)
    return target


def documents(out: Path) -> Iterator[tuple[StackEntry, dict[str, Any]]]:
    """Every stack of a synthesis with its Terraform JSON."""
    for entry in Manifest.read(out).stacks:
        yield entry, json.loads((out / entry.path).read_bytes())
