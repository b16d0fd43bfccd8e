"""The version that a release is about, as Prepare found it and every later stage is given it: `release.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from modules.ml_operations.layout import NO_VERSION, ServedVersion
from modules.ml_operations.release.errors import ReleaseError

FILE = "release.json"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A central version. `files` is the URI of its folder, with the slash; `passport` the SHA-256 of its passport.

    The stage Passport writes the file again, with the passport: before it there is NO_VERSION.
    """

    project: str
    team: str
    model_package_arn: str
    version: str
    files: str
    manifest_sha256: str
    baselines: list[str]
    columns: list[str]
    source_version: str
    approved_by: str
    execution_id: str
    passport: str = NO_VERSION

    def served(self) -> ServedVersion:
        """What the version parameter says while it is served."""
        return {
            "model_package_arn": self.model_package_arn,
            "version": self.version,
            "files": self.files,
            "passport": self.passport,
            "baselines": list(self.baselines),
            "columns": list(self.columns),
        }

    def write(self, folder: Path) -> None:
        """Hand it to later stages."""
        text = json.dumps(asdict(self), indent=2, sort_keys=True)
        (folder / FILE).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Candidate:
        """Take it from Prepare. Raises ReleaseError when the file is not what Prepare writes."""
        try:
            found = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return cls(**{field.name: found[field.name] for field in fields(cls)})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReleaseError(
                f"{folder / FILE} is not what Prepare writes ({error}): start the release again"
            ) from error
