"""Terraform and its provider, from the platform's own bucket: networks of builds have no way to the internet."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modules.ml_operations.release.errors import ReleaseError

TERRAFORM = "tools/terraform.zip"
PROVIDERS = "tools/providers/"
_REMEDY = "docs/releases.md says how the tools get into the bucket"


@dataclass(frozen=True, slots=True)
class Tools:
    """The executable, and the CLI configuration by which it takes providers from one folder and from nowhere else."""

    terraform: Path
    configuration: Path


def fetch(objects: Any, bucket: str, folder: Path, *, terraform_sha256: str) -> Tools:
    """Put the tools into `folder`. Raises ReleaseError when they are not there, or Terraform is not the pinned one.

    `tools/terraform.zip` is a release of HashiCorp as it was published; below `tools/providers/` lies a mirror as
    `terraform providers mirror` writes it. Which provider is taken from it, Terraform itself checks by the lock file.
    https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
    """
    archive = _read(objects, bucket, TERRAFORM)
    actual = hashlib.sha256(archive).hexdigest()
    if actual != terraform_sha256:
        raise ReleaseError(
            f"s3://{bucket}/{TERRAFORM} has the SHA-256 {actual}, and {terraform_sha256} is pinned; {_REMEDY}"
        )
    executable = folder / "terraform"
    executable.write_bytes(zipfile.ZipFile(io.BytesIO(archive)).read("terraform"))
    executable.chmod(executable.stat().st_mode | stat.S_IXUSR)
    mirror = folder / "providers"
    for page in objects.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PROVIDERS):
        for found in page.get("Contents", ()):
            target = mirror / found["Key"].removeprefix(PROVIDERS)
            if not target.resolve().is_relative_to(mirror.resolve()):
                raise ReleaseError(f"s3://{bucket}/{found['Key']} would be written outside of its folder; {_REMEDY}")
            target.parent.mkdir(parents=True, exist_ok=True)
            objects.download_file(bucket, found["Key"], os.fspath(target))
    if not mirror.is_dir():
        raise ReleaseError(f"no provider lies below s3://{bucket}/{PROVIDERS}; {_REMEDY}")
    return Tools(executable, configure(mirror, folder))


def configure(mirror: Path, folder: Path) -> Path:
    """Write the CLI configuration that takes providers from `mirror` alone."""
    path = folder / "terraform.rc"
    path.write_text(
        f"provider_installation {{\n  filesystem_mirror {{\n    path = {json.dumps(os.fspath(mirror))}\n  }}\n}}\n",
        encoding="utf-8",
    )
    return path


def _read(objects: Any, bucket: str, key: str) -> bytes:
    try:
        content: bytes = objects.get_object(Bucket=bucket, Key=key)["Body"].read()
    except objects.exceptions.NoSuchKey:
        raise ReleaseError(f"s3://{bucket}/{key} is not there; {_REMEDY}") from None
    return content
