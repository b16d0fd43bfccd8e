"""Scans kept by content: a stack whose bytes, policies and checkov are the same is not scanned again.

Waivers are applied after the cache, so that their expiry counts. Only scans without a fault are kept.
"""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

from pydantic import ValidationError

from policies.record import StackScan


def checkov_version() -> str:
    """The installed release of checkov, read without importing it."""
    return version("checkov")


def tree_digest(*folders: Path) -> str:
    """SHA-256 over names and bytes of all Python and YAML files below the folders, waivers and reports excepted."""
    digest = hashlib.sha256()
    for index, folder in enumerate(folders):
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if path.suffix not in {".py", ".yaml", ".yml", ".json"} or relative.parts[0] in {
                "report",
                "waivers.yaml",
            }:
                continue
            for part in (f"{index}/{relative.as_posix()}".encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


class Cache:
    """The folder of kept scans; None keeps nothing. A damaged entry is scanned again."""

    def __init__(self, folder: Path | None, *, policies: str, checkov: str) -> None:
        self._folder = folder
        self._base = f"{policies}\n{checkov}\n"

    def read(self, sha256: str) -> StackScan | None:
        """The kept scan of a stack with this hash."""
        path = self._path(sha256)
        if path is None or not path.is_file():
            return None
        try:
            return StackScan.model_validate_json(path.read_bytes())
        except ValidationError:
            return None

    def write(self, sha256: str, scan: StackScan) -> None:
        """Keep a scan that has no fault."""
        if (path := self._path(sha256)) is None or scan.faults:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(scan.model_dump_json(), encoding="utf-8")
        temporary.replace(path)

    def _path(self, sha256: str) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / f"{hashlib.sha256((self._base + sha256).encode()).hexdigest()}.json"
