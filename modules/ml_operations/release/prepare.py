"""Prepare: may this version be released at all? What it finds is handed to every later stage."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from modules.ml_operations import layout
from modules.ml_operations.release.aws import place
from modules.ml_operations.release.candidate import Candidate
from modules.ml_operations.release.errors import ReleaseError
from modules.ml_operations.releases import newer_approved

APPROVED = "Approved"
SAMPLES_FILE = f"{layout.SAMPLES}samples.jsonl"


@dataclass(frozen=True, slots=True)
class Prepare:
    """Checks a central version before anything is deployed. `registry`, `objects`: clients of SageMaker and S3.

    `target` is the column that the model predicts.

    Guarantees:
    - only a version of this project's central group, approved there now, goes on, and none that a newer one overtook;
    - its manifest is the one that was copied, by the hash that the registry keeps, and the files are where it says;
    - what is missing is told all at once.
    """

    registry: Any
    objects: Any
    project: str
    team: str
    group_arn: str
    bucket: str
    target: str

    def candidate(self, model_package_arn: str, execution_id: str) -> Candidate:
        """The version; raises ReleaseError, with everything that speaks against it."""
        described = approved(self.registry, model_package_arn, self.group_arn)
        metadata: dict[str, str] = described.get("CustomerMetadataProperties", {})
        needed = (layout.SOURCE_VERSION, layout.APPROVED_BY, layout.MANIFEST_HASH, layout.FILES)
        if missing := [key for key in needed if not metadata.get(key)]:
            raise ReleaseError(
                f"{model_package_arn} lacks {', '.join(missing)} in its metadata: it was not promoted from dev; "
                "approve a version there"
            )
        version = int(described["ModelPackageVersion"])
        if newer := newer_approved(self._approved_versions(), version):
            raise ReleaseError(
                f"version {newer} is approved, too, and newer than {version}: that one is released. To go back to "
                f"{version}, reject {newer} in the central registry first"
            )
        files = metadata[layout.FILES]
        self._check_files(files, metadata[layout.MANIFEST_HASH])
        return Candidate(
            project=self.project,
            team=self.team,
            model_package_arn=model_package_arn,
            version=str(version),
            files=files,
            manifest_sha256=metadata[layout.MANIFEST_HASH],
            baselines=[kind for kind in layout.MONITOR_KINDS if self._has_baseline(files, kind)],
            columns=self._columns(files),
            source_version=metadata[layout.SOURCE_VERSION],
            approved_by=metadata[layout.APPROVED_BY],
            execution_id=execution_id,
        )

    def _check_files(self, files: str, expected: str) -> None:
        bucket, prefix = place(files)
        if bucket != self.bucket or not prefix.endswith("/"):
            raise ReleaseError(f"its files lie at {files}, and not in a folder of {self.bucket}: do not trust it")
        found = self._keys(prefix)
        wrong = [f"no {what}" for what in (layout.MANIFEST, SAMPLES_FILE) if f"{prefix}{what}" not in found]
        wrong += [
            f"nothing below {what}" for what in (layout.MODEL, layout.METRICS) if not _below(found, prefix + what)
        ]
        if not any(each.endswith(layout.MANIFEST) for each in wrong):
            actual = hashlib.sha256(self._read(f"{prefix}{layout.MANIFEST}")).hexdigest()
            if actual != expected:
                wrong.append(f"{layout.MANIFEST} has the SHA-256 {actual}, and the registry says {expected}")
        if wrong:
            raise ReleaseError(f"{files} is not whole: {'; '.join(wrong)}. Promote the version again from dev")

    def _has_baseline(self, files: str, kind: layout.MonitorKind) -> bool:
        _, key = place(layout.baseline(files, kind, layout.CONSTRAINTS))
        return key in self._keys(key)

    def _approved_versions(self) -> list[dict[str, Any]]:
        pages = self.registry.get_paginator("list_model_packages").paginate(
            ModelPackageGroupName=self.group_arn, ModelApprovalStatus=APPROVED
        )
        return [found for page in pages for found in page["ModelPackageSummaryList"]]

    def _columns(self, files: str) -> list[str]:
        """What the model is asked by, in order: the columns of its baseline of data quality, but for the target."""
        if not self._has_baseline(files, "data-quality"):
            return []
        _, key = place(layout.baseline(files, "data-quality", layout.STATISTICS))
        try:
            names = [str(feature["name"]) for feature in json.loads(self._read(key))["features"]]
        except (ValueError, KeyError, TypeError) as error:
            raise ReleaseError(
                f"s3://{self.bucket}/{key} is no baseline ({error}): promote the version again"
            ) from error
        return [name for name in names if name != self.target]

    def _keys(self, prefix: str) -> set[str]:
        pages = self.objects.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return {found["Key"] for page in pages for found in page.get("Contents", ())}

    def _read(self, key: str) -> bytes:
        content: bytes = self.objects.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content


def approved(registry: Any, model_package_arn: str, group_arn: str) -> dict[str, Any]:
    """What the registry says of the version now. Raises ReleaseError unless it is this group's, and approved."""
    versions = group_arn.replace(":model-package-group/", ":model-package/")
    if not model_package_arn.startswith(f"{versions}/"):
        raise ReleaseError(f"{model_package_arn} is no version of {group_arn}: this pipeline releases no other model")
    described: dict[str, Any] = registry.describe_model_package(ModelPackageName=model_package_arn)
    status = described["ModelApprovalStatus"]
    if status != APPROVED:
        raise ReleaseError(
            f"{model_package_arn} is {status}: only a version that is approved in the central registry is released"
        )
    return described


def samples(objects: Any, files: str) -> list[dict[str, str]]:
    """The version's samples: requests, and what it answered when it was made. Raises ReleaseError when unusable."""
    bucket, key = place(files + SAMPLES_FILE)
    body: bytes = objects.get_object(Bucket=bucket, Key=key)["Body"].read()
    try:
        found = [json.loads(line) for line in body.decode().splitlines() if line.strip()]
    except ValueError as error:
        raise ReleaseError(f"s3://{bucket}/{key} is not JSON lines ({error})") from error
    needed = {"content_type", "accept", "request", "answer"}
    if not found or any(not isinstance(one, dict) or not needed <= one.keys() for one in found):
        raise ReleaseError(f"s3://{bucket}/{key}: every line must tell {', '.join(sorted(needed))}, and one at least")
    return found


def _below(keys: set[str], prefix: str) -> bool:
    return any(key.startswith(prefix) for key in keys)
