"""Generated files in a repository: written, or compared with what is committed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from delivery.run_result import write_atomically


def write(root: Path, files: Mapping[PurePosixPath, str]) -> None:
    """Write each below `root`, whole or not at all."""
    for path, text in files.items():
        write_atomically(root / path, text)


def differences(root: Path, files: Mapping[PurePosixPath, str]) -> str:
    """How what stands below `root` differs, as a unified diff; empty when it does not. A missing file is empty."""
    found: list[str] = []
    for path, text in files.items():
        here = (root / path).read_text(encoding="utf-8") if (root / path).is_file() else ""
        found += difflib.unified_diff(
            here.splitlines(keepends=True), text.splitlines(keepends=True), f"committed {path}", f"generated {path}"
        )
    return "".join(found)
