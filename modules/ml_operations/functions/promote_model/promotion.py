"""One promotion, from the version in dev to its central copy. Each step may be done again: it comes to the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from modules.ml_operations.functions.promote_model import registration
from modules.ml_operations.functions.promote_model.approval import Approval, approval
from modules.ml_operations.functions.promote_model.claims import Claims
from modules.ml_operations.functions.promote_model.event import Version
from modules.ml_operations.functions.promote_model.files import Files, manifest
from modules.ml_operations.functions.promote_model.images import Images
from modules.ml_operations.functions.promote_model.origin import Origin, Origins
from modules.ml_operations.functions.promote_model.relocation import relocate
from modules.ml_operations.layout import MANIFEST

# How a promotion ended: `outdated` when the version is not approved any more.
Outcome = Literal["promoted", "already-promoted", "outdated"]
RUNS = "runs/"


@dataclass(frozen=True, slots=True)
class Promotion:
    """The way of versions into the central registry, by SageMaker's client `models`."""

    models: Any
    origins: Origins
    claims: Claims
    files: Files
    images: Images

    def of(self, version: Version) -> tuple[Outcome, str | None]:
        """Promote the version, unless that is done or no longer wanted; returns the ARN of the central one, if any.

        The version is registered last, when all that it names is there. Raises RefusedError when it may not be
        promoted, BusyError when another run is at it, and ClientError when AWS cannot now.
        """
        origin = self.origins.of(version)
        described = self.models.describe_model_package(ModelPackageName=version.arn)
        said = approval(described)
        if said is None:
            return "outdated", None
        if (known := self.claims.claim(version.arn)) is not None:
            return "already-promoted", known
        try:
            there = registration.registered(self.models, origin, described)
            central = there or self._copied(origin, described, said)
        except BaseException:
            self.claims.release(version.arn)
            raise
        self.claims.promoted(version.arn, central)
        return ("already-promoted" if there else "promoted"), central

    def _copied(self, origin: Origin, described: Mapping[str, Any], said: Approval) -> str:
        """Copy all that the version names, then register it; returns the ARN of the central version."""
        uri = f"s3://{self.files.bucket}/{origin.files}"
        relocated = relocate(described, uri)
        files = self.files.copy(relocated.moves, bucket=origin.bucket, below=RUNS, folder=origin.files)
        for container in relocated.containers:
            container["Image"] = self.images.promoted(container["Image"], container.pop("ImageDigest", None))
        content = manifest({"source_version": origin.version.arn, **asdict(said)}, files)
        self.files.write(f"{origin.files}{MANIFEST}", content)
        request = registration.request(
            relocated.package, origin, said, files=uri, manifest=hashlib.sha256(content).hexdigest()
        )
        return str(self.models.create_model_package(**request)["ModelPackageArn"])
