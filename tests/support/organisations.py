"""The organisations that this repository holds, each synthesised once for all tests of a run that only read it."""

from __future__ import annotations

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


def synthesised(name: str, shared: Path, scratch: Path) -> Path:
    """The synthesis of the organisation below `shared`, which all processes of a test run see; made if it is missing.

    Two processes that make it at once make the same bytes; the later one's are dropped.
    """
    target = shared / f"synthesis-{name}"
    if not target.is_dir():
        fresh = scratch / name
        synthesise(ORGANISATIONS[name], fresh)
        try:
            fresh.rename(target)
        except OSError:
            assert target.is_dir(), f"{fresh} cannot be moved to {target}"
    return target


def documents(out: Path) -> Iterator[tuple[StackEntry, dict[str, Any]]]:
    """Every stack of a synthesis with its Terraform JSON."""
    for entry in Manifest.read(out).stacks:
        yield entry, json.loads((out / entry.path).read_bytes())
