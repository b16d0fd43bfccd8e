"""One verdict for all policy steps of the same bytes: Atlantis asks once for each project, and may ask for all at once.

What is kept is found by the SHA-256 of all that decides it: every stack, the index with the hashes of its assets, the
policies, checkov, the waivers and the day. It lies in the working folder, which must not be in a clone: a pull request
could bring a verdict along. The last is kept alone, so that it is that of the gate's results beside it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from delivery.policy_step import Step, of_gate
from environments.manifest import FILE_NAME, Manifest, content
from policies.cache import checkov_version, tree_digest
from policies.isolation import PACKAGE
from policies.report.results import write
from policies.verdict import Verdict


def steps(
    out: Path, manifest: Manifest, *, waivers: Path, today: date, folder: Path, judge: Callable[[], Verdict]
) -> Mapping[str, Step]:
    """The policy step of each stack; `judge` is asked when none is kept, once among all processes that wait here.

    Raises ManifestError when a stack's bytes are not the manifest's. A verdict with a fault is not kept.
    """
    key = digest(out, manifest, waivers, today)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (kept := _read(folder / f"{key}.json", manifest)) is not None:
            return kept
        verdict = judge()
        found = {entry.id: of_gate(verdict, entry.id) for entry in manifest.stacks}
        for old in folder.glob("*.json"):
            old.unlink()
        if not verdict.faults:
            texts = {name: [step.text, step.exit_code] for name, step in found.items()}
            write(folder / f"{key}.json", json.dumps(texts))
    return found


def digest(out: Path, manifest: Manifest, waivers: Path, today: date) -> str:
    """SHA-256 of everything that the verdict depends on."""
    found = hashlib.sha256()
    parts = [(out / FILE_NAME).read_bytes(), waivers.read_bytes() if waivers.is_file() else b""]
    parts += [text.encode() for text in (tree_digest(PACKAGE, PACKAGE), checkov_version(), today.isoformat())]
    for entry in manifest.stacks:
        parts.append(content(out / entry.path, entry.sha256, entry.id))
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def _read(path: Path, manifest: Manifest) -> dict[str, Step] | None:
    """What is kept there, when it is whole and of these stacks; else None."""
    try:
        found = {name: Step(str(text), int(code)) for name, (text, code) in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return found if found.keys() == {entry.id for entry in manifest.stacks} else None
