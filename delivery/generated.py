"""Generated files in a repository: written, or compared with what is committed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from policies.report.results import write as write_whole


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write the files, by their path below `root`, each whole or not at all."""
    for name, text in files.items():
        write_whole(root / name, text)


def differences(root: Path, files: Mapping[str, str]) -> Iterator[str]:
    """A unified diff for each file that is not as it would be written; a missing one counts as empty."""
    for name, text in files.items():
        path = root / name
        committed = path.read_text(encoding="utf-8") if path.is_file() else ""
        if committed != text:
            old, new = committed.splitlines(keepends=True), text.splitlines(keepends=True)
            yield "".join(difflib.unified_diff(old, new, f"{name} (committed)", f"{name} (generated)"))
