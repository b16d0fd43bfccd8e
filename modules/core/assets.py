"""Files that a stack ships beside its JSON: function archives, made with the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from modules.core.libraries import Library

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip entry can have: no clock, no file times
_IGNORED = ("__pycache__", ".pyc")
ROOT = Path(__file__).parents[2]  # of the packages `modules`, `environments` ...


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip of a source folder. `content_hash` is what Terraform compares as `source_code_hash` (base64 SHA-256)."""

    content: bytes
    content_hash: str
    libraries: tuple[Library, ...] = ()

    @classmethod
    def of_folder(cls, folder: Path) -> Archive:
        """The archive of every file below `folder`, in order of path. Raises ValueError for an empty folder."""
        return cls.of_files(_sources(folder, folder))

    @classmethod
    def of_package(
        cls,
        folder: Path,
        files: Mapping[str, bytes] | None = None,
        *,
        also: Sequence[Path] = (),
        libraries: Sequence[Library] = (),
    ) -> Archive:
        """The archive of a Python package of this repository, under its own path, so that its imports stay the same.

        The packages around it are in it, without what else they hold: Python finds none in a zip that does not say so.
        `files` are generated ones, put beside its sources; `also` are modules and packages of this repository that it
        shares with others, `libraries` what else it imports and Lambda lacks (`libraries.TELEMETRY`). The handler is
        `<dotted path of the package>.<file>.<name>`. Raises ValueError for an empty folder, and for a file that would
        take the place of a source; ConfigError when a library of another version is installed.
        """
        sources = _sources(folder, ROOT)
        shared: dict[str, bytes] = {}
        for path in also:
            shared |= {**_around(path), **_sources(path, ROOT)}
        for library in libraries:
            shared |= library.files()
        added = {(folder.relative_to(ROOT) / name).as_posix(): content for name, content in (files or {}).items()}
        if taken := sorted(sources.keys() & added.keys()):
            raise ValueError(f"{', '.join(taken)}: a generated file would take the place of a source")
        return cls.of_files({**_around(folder), **shared, **sources, **added}, tuple(libraries))

    @classmethod
    def of_files(cls, files: Mapping[str, bytes], libraries: tuple[Library, ...] = ()) -> Archive:
        """The archive of these files, in order of path; `libraries` says which are among them."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:  # stored: deflate's bytes vary with zlib
            for path in sorted(files):
                entry = zipfile.ZipInfo(path, _EPOCH)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, files[path])
        content = buffer.getvalue()
        return cls(content, base64.b64encode(hashlib.sha256(content).digest()).decode(), libraries)


def _around(folder: Path) -> dict[str, bytes]:
    outer = [parent for parent in folder.parents if parent.is_relative_to(ROOT) and parent != ROOT]
    return {(parent / "__init__.py").relative_to(ROOT).as_posix(): b"" for parent in outer}


def _sources(folder: Path, root: Path) -> dict[str, bytes]:
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in ([folder] if folder.is_file() else folder.rglob("*"))
        if path.is_file() and not any(mark in path.as_posix() for mark in _IGNORED)
    }
    if not files:
        raise ValueError(f"{folder} holds no source files")
    return files


class AssetHolder(Protocol):
    """What a construct needs of its stack to ship a file beside the stack's JSON."""

    def add_asset(self, name: str, content: bytes) -> str:
        """Ship `content` as `name`; returns the path that the stack's JSON names it by."""
        ...
