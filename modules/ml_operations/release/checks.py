"""What an integration test came to, check by check: `integration.json`, which is part of the passport."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from modules.ml_operations.release.candidate import Candidate
from modules.ml_operations.release.errors import ReleaseError

FILE = "integration.json"


@dataclass(frozen=True, slots=True)
class Check:
    """One check, and what was seen."""

    name: str
    passed: bool
    detail: str


@dataclass(slots=True)
class Checks:
    """All checks of one test, in order. One that fails does not keep the others from being made."""

    made: list[Check] = field(default_factory=list)

    def make(self, name: str, check: Callable[[], str]) -> None:
        """Make a check: it returns what it saw, or raises ReleaseError."""
        try:
            self.made.append(Check(name, True, check()))
        except ReleaseError as error:
            self.made.append(Check(name, False, str(error)))

    @property
    def failed(self) -> list[Check]:
        """Those that failed."""
        return [check for check in self.made if not check.passed]

    def write(self, folder: Path, candidate: Candidate, place: str, execution_id: str) -> None:
        """Write them to `integration.json`. A test without a check has not passed."""
        document = {
            "project": candidate.project,
            "place": place,
            "execution_id": execution_id,
            "model_package_arn": candidate.model_package_arn,
            "version": candidate.version,
            "passed": bool(self.made) and not self.failed,
            "checks": [{"name": one.name, "passed": one.passed, "detail": one.detail} for one in self.made],
        }
        (folder / FILE).write_text(json.dumps(document, indent=2, sort_keys=True), encoding="utf-8")
