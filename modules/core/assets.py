"""Files that a stack ships beside its JSON: function archives, made with the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip entry can have: no clock, no file times
_IGNORED = ("__pycache__", ".pyc")


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip of a source folder. `content_hash` is what Terraform compares as `source_code_hash` (base64 SHA-256)."""

    content: bytes
    content_hash: str

    @classmethod
    def of_folder(cls, folder: Path) -> Archive:
        """The archive of every file below `folder`, in order of path. Raises ValueError for an empty folder."""
        files = sorted(
            path
            for path in folder.rglob("*")
            if path.is_file() and not any(mark in path.as_posix() for mark in _IGNORED)
        )
        if not files:
            raise ValueError(f"{folder} holds no source files")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:  # stored: deflate's bytes vary with zlib
            for path in files:
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes())
        content = buffer.getvalue()
        return cls(content, base64.b64encode(hashlib.sha256(content).digest()).decode())


class AssetHolder(Protocol):
    """What a construct needs of its stack to ship a file beside the stack's JSON."""

    def add_asset(self, name: str, content: bytes) -> str:
        """Ship `content` as `name`; returns the path that the stack's JSON names it by."""
        ...
