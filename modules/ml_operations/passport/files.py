"""The files of a version in the central bucket, as its manifest lists them and as they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from modules.ml_operations import layout
from modules.ml_operations.passport.bundle import sha256
from modules.ml_operations.passport.model import Approval, File, Manifest, PassportError
from modules.ml_operations.passport.reports import content

_PART = 1 << 20  # bytes at a time: models are larger than the build's memory


class Files:
    """The folder with the URI `folder`, slash at the end. Every file is read whole: its hash is of its bytes.

    Raises PassportError when the manifest is there and is none.
    """

    def __init__(self, s3: Any, folder: str) -> None:
        self._s3, self.folder = s3, folder
        self._bucket, _, self._prefix = folder.removeprefix("s3://").partition("/")
        self._there = self._keys()
        self._manifest = self._read(layout.MANIFEST) if layout.MANIFEST in self._there else None
        self._listed = _listed(self._manifest, folder) if self._manifest is not None else {}

    def manifest(self, approved: str | None) -> Manifest | None:
        """The manifest with what each file hashes to; `approved` is the hash that the registry keeps of it."""
        if self._manifest is None:
            return None
        files = tuple(
            File(path, told["bytes"], told["sha256"], self._hash(path) if path in self._there else None)
            for path, told in sorted(self._listed["files"].items())
        )
        unlisted = tuple(sorted(self._there - {layout.MANIFEST} - {file.path for file in files}))
        return Manifest(approved, sha256(self._manifest), files, unlisted)

    @property
    def author(self) -> str | None:
        """Who made the version in dev."""
        return self._listed.get("author")

    @property
    def approval(self) -> Approval | None:
        """Who approved it there, and when."""
        by, at = (self._listed.get(key) for key in ("approved_by", "approved_at"))
        return Approval(by, at) if by and at else None

    def path(self, uri: str | None) -> str | None:
        """The path of a URI below the folder; None for one that lies elsewhere, or for none."""
        return uri.removeprefix(self.folder) if uri and uri.startswith(self.folder) else None

    def json(self, path: str | None) -> Mapping[str, Any]:
        """The JSON object in a listed file that is as it was approved; empty where there is none."""
        if path is None or path not in self._there or path not in self._listed.get("files", {}):
            return {}
        found = self._read(path)
        return content(found) if sha256(found) == self._listed["files"][path]["sha256"] else {}

    def _keys(self) -> set[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        return {found["Key"].removeprefix(self._prefix) for page in pages for found in page.get("Contents", ())}

    def _read(self, path: str) -> bytes:
        found: bytes = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + path)["Body"].read()
        return found

    def _hash(self, path: str) -> str | None:
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + path)["Body"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None
        found = hashlib.sha256()
        for part in body.iter_chunks(_PART):
            found.update(part)
        return found.hexdigest()


def _listed(manifest: bytes, folder: str) -> dict[str, Any]:
    try:
        found = json.loads(manifest)
        files = {each["path"]: {"bytes": each["bytes"], "sha256": each["sha256"]} for each in found["files"]}
    except (ValueError, KeyError, TypeError) as error:
        raise PassportError(
            f"{folder}{layout.MANIFEST} is no manifest ({error!r}): promote the version again"
        ) from error
    return {**found, "files": files}
