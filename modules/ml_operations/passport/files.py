"""The files of a version in the central bucket, as its manifest lists them and as they are.

Every file is read whole, and its checksum made again from its bytes as S3 made it when the file was copied:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from modules.ml_operations import layout
from modules.ml_operations.passport.bundle import sha256
from modules.ml_operations.passport.model import Approval, File, Manifest, PassportError
from modules.ml_operations.passport.reports import content

PART = 1024**3  # bytes of a part of a file that was copied in parts
_CHUNK = 1024**2  # bytes in memory at a time: models are larger than that of the build


class Files:
    """The folder with the URI `folder`, which ends in a slash.

    Raises PassportError when there is a manifest that cannot be read.
    """

    def __init__(self, s3: Any, folder: str) -> None:
        self._s3, self.folder = s3, folder
        self._bucket, _, self._prefix = folder.removeprefix("s3://").partition("/")
        self._there = self._keys()
        self._manifest = self._read(layout.MANIFEST) if layout.MANIFEST in self._there else None
        self._listed = _listed(self._manifest, folder) if self._manifest is not None else {}

    def manifest(self, approved: str | None, loaded: Iterable[str]) -> Manifest | None:
        """The manifest with what each file hashes to; `approved` is the hash that the registry keeps of it.

        `loaded` are the URIs of files, or of folders, that containers load.
        """
        if self._manifest is None:
            return None
        files = tuple(
            File(path, told["bytes"], told["checksum"], self._checksum(path, told["checksum"]))
            for path, told in sorted(self._listed["files"].items())
        )
        unlisted = tuple(sorted(self._there - {layout.MANIFEST} - {file.path for file in files}))
        outside = tuple(sorted({uri for uri in loaded if self.path(uri) is None}))
        return Manifest(approved, sha256(self._manifest), files, unlisted, outside)

    @property
    def author(self) -> str | None:
        """Who made the version in dev."""
        return self._listed.get("author")

    @property
    def approval(self) -> Approval | None:
        """Who approved it there, and when."""
        by, at = (self._listed.get(key) for key in ("approver", "at"))
        return Approval(by, at) if by and at else None

    def path(self, uri: str | None) -> str | None:
        """The path of a URI below the folder; None for one that lies elsewhere, or for none."""
        return uri.removeprefix(self.folder) if uri and uri.startswith(self.folder) else None

    def json(self, path: str | None) -> Mapping[str, Any]:
        """The JSON object in a listed file that is as it was approved; empty where there is none."""
        if path is None or path not in self._there or path not in self._listed.get("files", {}):
            return {}
        found = self._read(path)
        approved = self._listed["files"][path]["checksum"]
        return content(found) if checksum([found], None) == approved else {}

    def _keys(self) -> set[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        return {found["Key"].removeprefix(self._prefix) for page in pages for found in page.get("Contents", ())}

    def _read(self, path: str) -> bytes:
        found: bytes = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + path)["Body"].read()
        return found

    def _checksum(self, path: str, approved: str) -> str | None:
        if path not in self._there:
            return None
        body = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + path)["Body"]
        return checksum(body.iter_chunks(_CHUNK), PART if "-" in approved else None)


def checksum(chunks: Iterable[bytes], part: int | None) -> str:
    """S3's checksum by SHA-256 of the bytes: of the whole, or of parts of `part` bytes each."""
    digests, size = [hashlib.sha256()], 0
    for chunk in chunks:
        rest = chunk
        while rest:
            if size == part:
                digests.append(hashlib.sha256())
                size = 0
            taken = rest if part is None else rest[: part - size]
            digests[-1].update(taken)
            size += len(taken)
            rest = rest[len(taken) :]
    if part is None:
        return _base64(digests[0].digest())
    whole = hashlib.sha256(b"".join(each.digest() for each in digests))
    return f"{_base64(whole.digest())}-{len(digests)}"


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _listed(manifest: bytes, folder: str) -> dict[str, Any]:
    try:
        found = json.loads(manifest)
        files = {each["path"]: {"bytes": each["bytes"], "checksum": each["checksum"]} for each in found["files"]}
    except (ValueError, KeyError, TypeError) as error:
        raise PassportError(
            f"{folder}{layout.MANIFEST} is no manifest ({error!r}): promote the version again"
        ) from error
    return {**found, "files": files}
