"""What a scan says of one stack, before waivers: records and faults. Crosses the process border as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Frozen, without coercion, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


# What is judged: the stack as synthesised, or what a plan makes of it (see `policies.plan`).
Form = Literal["stack", "plan"]
VERB: Mapping[Form, str] = {"stack": "mlgov synth", "plan": "mlgov plan"}


@dataclass(frozen=True, slots=True)
class StackFile:
    """A stack to gate: its id, its `cdk.tf.json` or plan document, and the SHA-256 that its bytes must have.

    `source` is the stack that a plan was made of: findings name its lines, as a plan document has none.
    """

    id: str
    path: Path
    sha256: str
    form: Form = "stack"
    source: Path | None = None

    @property
    def remedy(self) -> str:
        """What to do when the file is not as it should be."""
        return f"run `{VERB[self.form]}`"


class Outcome(StrEnum):
    """What came of one policy on one subject.

    `UNJUDGED`: a built-in policy withheld its judgement although no unresolved value stood in what it
    reads, so in effect it does not apply. It is listed and never counts as passed. `WAIVED` exists
    only after the waivers are applied.
    """

    PASSED = "passed"
    FAILED = "failed"
    UNJUDGED = "unjudged"
    WAIVED = "waived"


class Record(Frozen):
    """One judgement. `path` is the construct path, None for what is no construct; `line` counts from 1."""

    policy: str
    address: str
    path: str | None
    line: int
    outcome: Outcome
    message: str


class GateFault(Frozen):
    """A reason why the gate cannot trust its scan. Never waivable; `message` says what, where, what to do."""

    kind: str
    message: str
    stack: str | None = None
    policy: str | None = None
    resource: str | None = None

    def __str__(self) -> str:
        where = "/".join(part for part in (self.stack, self.resource) if part)
        subject = " ".join(part for part in (self.policy, where) if part)
        return f"{self.kind}: {subject + ': ' if subject else ''}{self.message}"

    def sort_key(self) -> tuple[str, ...]:
        """Faults are listed by stack, then kind."""
        return (self.stack or "", self.kind, self.policy or "", self.resource or "", self.message)


class StackScan(Frozen):
    """The scan of one stack's bytes. `titles` names every policy that has a record here."""

    records: tuple[Record, ...] = ()
    faults: tuple[GateFault, ...] = ()
    titles: dict[str, str] = {}


class Scan(Frozen):
    """The scan of many stacks. `faults` are those of no single stack, such as a policy that did not load."""

    stacks: dict[str, StackScan] = {}
    faults: tuple[GateFault, ...] = ()
