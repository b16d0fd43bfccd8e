"""What a run did, stack by stack: `.mlgov/<organisation>/<target>/last-<verb>.json`, read by the report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from modules.core.errors import TerraformError
from modules.core.settings import Strict
from policies.errors import reasons

Verb = Literal["plan", "apply", "destroy", "bootstrap", "retire"]
Status = Literal[
    "applied",  # apply finished and changed something
    "unchanged",  # plan or apply found nothing to change
    "planned",  # plan found changes
    "destroyed",
    "failed",
    "blocked",  # not started: a stack it needs failed; `note` names it
    "done-before",  # not started: the interrupted or failed run that this one resumes had done it
    "interrupted",  # stopped by Ctrl-C or SIGTERM, or not started because of it
]
_BAD: frozenset[Status] = frozenset({"failed", "blocked", "interrupted"})


class Changes(Strict):
    """Resources to be changed (plan) or changed (apply, destroy). A replacement counts in add, destroy and replace.

    `adopt` counts those imported into state, which may change besides.
    """

    adopt: int = 0
    add: int = 0
    change: int = 0
    destroy: int = 0
    replace: int = 0


class Failure(Strict):
    """The first error of a stack. `address` is empty when the error is of no resource; `advice` when we have none."""

    address: str
    summary: str
    detail: str
    advice: str

    def describe(self) -> str:
        """The failure in one text: resource, Terraform's words, what to do."""
        where = f"{self.address}: " if self.address else ""
        parts = (f"{where}{self.summary}", self.detail.strip(), f"To do: {self.advice}" if self.advice else "")
        return "\n".join(part for part in parts if part)


class StackResult(Strict):
    """One stack's part in a run. `seconds` is wall time; `log` a path relative to the folder mlgov was run in."""

    id: str
    account: str
    environment: str
    module: str
    status: Status
    seconds: float = 0.0
    resources: int = 0
    changes: Changes | None = None
    failure: Failure | None = None
    note: str = ""
    log: str = ""


class RunResult(Strict):
    """A whole run. `stacks` are in the manifest's order; `started` is UTC in ISO 8601; `seconds` is wall time."""

    version: Literal[1] = 1
    verb: Verb
    organization: str
    target: Literal["aws", "emulated"]
    select: str | None
    started: str
    seconds: float
    stacks: tuple[StackResult, ...]

    @property
    def ok(self) -> bool:
        """Whether every stack came to a good end."""
        return not any(stack.status in _BAD for stack in self.stacks)

    @property
    def drifted(self) -> tuple[StackResult, ...]:
        """The stacks for which a plan found changes."""
        return tuple(stack for stack in self.stacks if stack.status == "planned")

    def exit_code(self, *, fail_on_drift: bool = False) -> int:
        """0, or 4 when a stack failed, was blocked or interrupted, or (if asked for) when a plan found changes."""
        return 4 if not self.ok or (fail_on_drift and self.drifted) else 0

    def write(self, path: Path) -> None:
        """Write as JSON, atomically."""
        write_atomically(path, self.model_dump_json(indent=2) + "\n")

    @classmethod
    def read(cls, path: Path) -> RunResult:
        """Read what `write` wrote; raises TerraformError when it is not there or of another version."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise TerraformError(f"{path} cannot be read ({error.strerror})") from error
        except ValidationError as error:
            told = "; ".join(reasons(error))
            raise TerraformError(
                f"{path}: no result of a run of this version ({told}); remove it, or run it again"
            ) from error


def write_atomically(path: Path, text: str) -> None:
    """Replace `path` so that a reader sees the old text or the new one, whenever we are killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
