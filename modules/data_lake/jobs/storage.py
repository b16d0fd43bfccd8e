"""What jobs need of S3 beside reading and writing data: what is there, and taking it away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

_BATCH = 1000  # the most keys that one request deletes


class Storage(Protocol):
    """Folders of files, by URI; a folder's ends in `/`."""

    def files(self, folder: str) -> list[str]:
        """URIs of the data files below `folder`, sorted; none when there is no such folder."""
        ...

    def read(self, file: str) -> str:
        """The text of a file."""
        ...

    def write(self, file: str, text: str) -> None:
        """Put a file there, whole or not at all."""
        ...

    def delete(self, files: list[str]) -> None:
        """Take the files away; one that is gone already is no error. Raises OSError when some cannot be deleted."""
        ...


class S3Storage:
    """Storage in S3, with a client of boto3."""

    def __init__(self, client: Any) -> None:
        self._s3 = client

    def files(self, folder: str) -> list[str]:
        """See Storage. Markers of folders and what Spark hides (`_` or `.` first) are no data."""
        bucket, prefix = _split(folder)
        return sorted(f"s3://{bucket}/{key}" for key in self._keys(bucket, prefix) if is_data(key.removeprefix(prefix)))

    def read(self, file: str) -> str:
        """See Storage."""
        bucket, key = _split(file)
        text: str = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
        return text

    def write(self, file: str, text: str) -> None:
        """See Storage."""
        bucket, key = _split(file)
        self._s3.put_object(Bucket=bucket, Key=key, Body=text.encode())

    def delete(self, files: list[str]) -> None:
        """See Storage. The buckets are versioned: what was deleted can be had back as long as they keep it."""
        for start in range(0, len(files), _BATCH):
            batch = [_split(file) for file in files[start : start + _BATCH]]
            answer = self._s3.delete_objects(
                Bucket=batch[0][0], Delete={"Objects": [{"Key": key} for _, key in batch], "Quiet": True}
            )
            if failed := answer.get("Errors"):
                raise OSError(
                    f"{len(failed)} files could not be deleted, first {failed[0]['Key']}: {failed[0]['Code']}"
                )

    def _keys(self, bucket: str, prefix: str) -> Iterator[str]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for entry in page.get("Contents", ()):
                yield entry["Key"]


def is_data(path: str) -> bool:
    """Whether Spark reads a file at this path, relative to the folder that it is given."""
    return bool(path) and not path.endswith("/") and not any(part.startswith(("_", ".")) for part in path.split("/"))


def _split(uri: str) -> tuple[str, str]:
    # Not urlsplit: a key may hold # and ?.
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
