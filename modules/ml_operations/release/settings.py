"""What the stack `release` tells a build, by environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from modules.ml_operations.release.errors import ReleaseError


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables of the build, each of which must be there: a release works with nothing that it was not told."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """The value; raises ReleaseError, which names the variable, where there is none."""
        if value := self.values.get(name):
            return value
        raise ReleaseError(f"the variable {name} is not set: the stack `release` sets it, apply it again")

    def number(self, name: str) -> float:
        """The value as a number; raises ReleaseError when it is none."""
        try:
            return float(self[name])
        except ValueError:
            raise ReleaseError(f"the variable {name} is {self[name]!r}, which is no number") from None

    def artifact(self, name: str) -> Path:
        """The folder of an artefact that an earlier stage gave, as CodeBuild unpacks it."""
        return Path(self[f"CODEBUILD_SRC_DIR_{name}"])
