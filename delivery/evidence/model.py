"""`manifest.json` of an evidence pack."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Literal

from delivery.apply_record import Applied
from delivery.saved_plan import PlanFacts
from modules.core.errors import MlgovError
from modules.core.settings import Strict

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"

Files = Mapping[str, bytes]  # by path in the pack, with `/`
Judged = Literal["passed", "failed", "not judged"]


class EvidenceError(MlgovError):
    """The pack, or what it would be made of, does not prove what it is for. Names every file and stack at fault."""

    exit_code = 3

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class Packed(Strict):
    """One file of the pack. `size` is in bytes."""

    size: int
    sha256: str


class Source(Strict):
    """The commit that mlgov ran in, when it was committed (UTC, ISO 8601), and whether the tree held nothing else.

    All are None where git cannot say; then `reason` says why.
    """

    commit: str | None = None
    committed: str | None = None
    clean: bool | None = None
    reason: str = ""


class Versions(Strict):
    """What made the pack. `terraform` is None where there is none that the stacks can use."""

    mlgov: str
    checkov: str
    cdktf: str
    python: str
    terraform: str | None


class StackLine(Strict):
    """One stack. `gate` is the verdict over exactly these bytes, on the day of the apply where there was one.

    `plan` is the saved plan that waits, `applied` the last apply, each with the verdict over exactly its document.
    """

    id: str
    sha256: str
    gate: Judged
    plan: PlanFacts | None
    plan_gate: Judged
    applied: Applied | None
    applied_plan_gate: Judged


class Review(Strict):
    """What the other files of the pack say. `providers` are those that stacks require: source -> versions."""

    organization: str
    policy_digest: str
    waivers_sha256: str
    providers: dict[str, tuple[str, ...]]
    stacks: tuple[StackLine, ...]

    @property
    def unapplied(self) -> tuple[str, ...]:
        """The stacks without a record of an apply."""
        return tuple(stack.id for stack in self.stacks if stack.applied is None)


class Evidence(Strict):
    """The content of `manifest.json`. `made` is the time that was given, else that of the commit (UTC, ISO 8601)."""

    version: Literal[1] = 1
    made: str | None
    target: Literal["aws", "emulated"]
    source: Source
    versions: Versions
    review: Review
    files: dict[str, Packed]

    def render(self) -> bytes:
        """The bytes of the file."""
        text = json.dumps(self.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False)
        return f"{text}\n".encode()
