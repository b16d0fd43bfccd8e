"""What the jobs run, as files: the folder steps/, what to do (problem.json, query.json), what Clarify is to measure.

They lie where their content says: another content is another place, so a definition always means the same code, and
nobody's change reaches a run that has begun.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ml_pipeline import clarify, problem
from ml_pipeline.settings import Settings

STEPS = Path(__file__).parent.parent / "steps"
_SHIPPED = ("*.py", "*.json", "wheels/*.whl")


@dataclass(frozen=True)
class Code:
    """Files by their path, below a prefix that is made of their content."""

    settings: Settings
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 of all paths and contents."""
        listed = [(path, hashlib.sha256(content).hexdigest()) for path, content in sorted(self.files.items())]
        return hashlib.sha256(json.dumps(listed).encode()).hexdigest()

    @property
    def uri(self) -> str:
        """The prefix in the project's bucket."""
        return f"{self.settings.runs}/code/{self.digest[:32]}"


def code(settings: Settings, kind: str) -> Code:
    """The code of the project for these settings."""
    files = {
        f"steps/{path.relative_to(STEPS).as_posix()}": path.read_bytes()
        for pattern in _SHIPPED
        for path in sorted(STEPS.glob(pattern))
    }
    files["steps/problem.json"] = json.dumps(problem.document(settings, kind), indent=2, sort_keys=True).encode()
    if settings.data["kind"] == "athena":
        asked = {key: settings.data[key] for key in ("catalog", "database", "query", "workgroup")}
        files["steps/query.json"] = json.dumps(asked | {"region": settings.region}, indent=2, sort_keys=True).encode()
    return Code(settings, files | clarify.configurations(settings, kind))
