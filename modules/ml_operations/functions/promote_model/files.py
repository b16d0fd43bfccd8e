"""Copies files from a project's bucket into the central one, on S3's side, and says what lies there then."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from botocore.exceptions import ClientError

from modules.ml_operations.functions.promote_model.errors import RefusedError
from modules.ml_operations.functions.promote_model.relocation import Move

GIB = 1024**3
# The most that S3 copies by one request; above it a file is copied in parts.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/copy-object.html
ONE_REQUEST, PART = 5 * GIB, GIB
AT_ONCE = 8
# What a copy remembers of what it was made from: so a run that comes after one that died sees what is done.
SOURCE_ETAG = "source-etag"


@dataclass(frozen=True, slots=True)
class Copied:
    """One file of a version, as the manifest has it.

    `checksum` is S3's SHA-256, in base64; of a file that was copied in parts that of its parts' checksums, with their
    number behind a hyphen.
    """

    path: str
    bytes: int
    checksum: str
    source: str


@dataclass(frozen=True, slots=True)
class _Found:
    bucket: str
    key: str
    path: str
    size: int
    etag: str
    content_type: str

    @property
    def source(self) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.key}


@dataclass(frozen=True, slots=True)
class Files:
    """The bucket `bucket` that copies go to, by S3's `client`; a version of more than `most_bytes` is refused."""

    client: Any
    bucket: str
    most_bytes: int

    def copy(self, moves: Iterable[Move], *, bucket: str, below: str, folder: str) -> list[Copied]:
        """Every file of `moves`, which must lie in `bucket` below one of `below`, copied below the key `folder`.

        What an earlier run copied is not copied again. Returns all of it, by path. Raises RefusedError for a file that
        is not there, lies elsewhere, or makes the version too large, before anything is copied.
        """
        found = {each.path: each for move in moves for each in self._found(move, bucket, below)}
        size = sum(each.size for each in found.values())
        if size > self.most_bytes:
            raise RefusedError(
                "too-large",
                f"the version's files have {size / GIB:.1f} GiB, and {self.most_bytes / GIB:.0f} are copied at most: "
                "raise ml_operations.promotion.largest_gib, or make the model smaller",
            )
        return [self._copied(found[path], folder) for path in sorted(found)]

    def write(self, key: str, content: bytes) -> None:
        """A small file of ours, over what an earlier run wrote."""
        self.client.put_object(
            Bucket=self.bucket, Key=key, Body=content, ContentType="application/json", ChecksumAlgorithm="SHA256"
        )

    def _found(self, move: Move, bucket: str, below: str) -> Iterator[_Found]:
        start = f"s3://{bucket}/"
        key = move.uri.removeprefix(start)
        if not move.uri.startswith(start) or not key.startswith(below):
            raise RefusedError(
                "elsewhere", f"{move.uri} does not lie below {start}{below}, where the project's pipeline writes"
            )
        keys = list(self._below(bucket, key)) if move.folder else [key]
        if not keys:
            raise RefusedError("missing-file", f"nothing lies below {move.uri}, which the version names")
        for each in keys:
            path = f"{move.path}{each.removeprefix(key).lstrip('/')}" if move.folder else move.path
            yield self._head(bucket, each, path)

    def _below(self, bucket: str, prefix: str) -> Iterator[str]:
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from (each["Key"] for each in page.get("Contents", ()) if not each["Key"].endswith("/"))

    def _head(self, bucket: str, key: str, path: str) -> _Found:
        try:
            head = self.client.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
                raise RefusedError("missing-file", f"s3://{bucket}/{key}, which the version names, is gone") from error
            raise
        return _Found(bucket, key, path, head["ContentLength"], head["ETag"], head["ContentType"])

    def _copied(self, found: _Found, folder: str) -> Copied:
        key = f"{folder}{found.path}"
        checksum = self._there(key, found)
        if checksum is None:
            checksum = self._by_parts(key, found) if found.size > ONE_REQUEST else self._at_once(key, found)
        return Copied(found.path, found.size, checksum, f"s3://{found.bucket}/{found.key}")

    def _there(self, key: str, found: _Found) -> str | None:
        """The checksum of the copy that is there already; None when there is none of this very file."""
        try:
            head = self.client.head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
                return None
            raise
        same = (head["ContentLength"], head["Metadata"].get(SOURCE_ETAG)) == (found.size, found.etag.strip('"'))
        return head.get("ChecksumSHA256") if same else None

    def _at_once(self, key: str, found: _Found) -> str:
        answer = self.client.copy_object(
            Bucket=self.bucket,
            Key=key,
            CopySource=found.source,
            CopySourceIfMatch=found.etag,
            ChecksumAlgorithm="SHA256",
            TaggingDirective="REPLACE",
            **_described(found),
            MetadataDirective="REPLACE",
        )
        return str(answer["CopyObjectResult"]["ChecksumSHA256"])

    def _by_parts(self, key: str, found: _Found) -> str:
        upload = self.client.create_multipart_upload(
            Bucket=self.bucket, Key=key, ChecksumAlgorithm="SHA256", **_described(found)
        )["UploadId"]
        place = {"Bucket": self.bucket, "Key": key, "UploadId": upload}

        def part(number: int) -> dict[str, Any]:
            first = (number - 1) * PART
            last = min(first + PART, found.size) - 1
            answer = self.client.upload_part_copy(
                **place,
                PartNumber=number,
                CopySource=found.source,
                CopySourceIfMatch=found.etag,
                CopySourceRange=f"bytes={first}-{last}",
            )["CopyPartResult"]
            return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": answer["ChecksumSHA256"]}

        numbers = range(1, -(-found.size // PART) + 1)
        # What a run leaves behind that fails here, the bucket's lifecycle removes.
        with ThreadPoolExecutor(AT_ONCE) as pool:
            parts = list(pool.map(part, numbers))
        answer = self.client.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
        return str(answer["ChecksumSHA256"])


def manifest(said: Mapping[str, str], files: Iterable[Copied]) -> bytes:
    """What `said` tells of the version, and every file of it: the same bytes whenever it is made of the same."""
    content = {**said, "files": [asdict(each) for each in files]}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _described(found: _Found) -> dict[str, Any]:
    return {"ContentType": found.content_type, "Metadata": {SOURCE_ETAG: found.etag.strip('"')}}
