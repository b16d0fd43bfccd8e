"""What a stack's last apply carried out: of which bytes, through which plan. It outlives the plan, which goes with it.

It is the evidence that what was reviewed is what is applied, so it says no more than is certain: from the moment an
apply begins until it ends well, the record is `unfinished`; a destroy removes it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from pydantic import ValidationError

from delivery.run_result import write_atomically
from delivery.saved_plan import PlanFacts
from delivery.workspace import StackFolder
from environments.manifest import StackEntry
from modules.core.settings import Strict


class Applied(Strict):
    """The last apply that ended well.

    `sha256` is that of the stack's bytes; `finished` UTC in ISO 8601; `terraform` the version that did it. `plan` and
    `document` are the SHA-256 of Terraform's plan file and of the gate's document of it, which is kept beside the
    record; both are empty where Terraform planned and applied in one go, or where nothing was to be changed.
    `gated` says that the apply was held to plans that the gate had passed (`apply --gate-plan`).
    `unfinished` says that an apply began since and has not ended well.
    """

    version: Literal[1] = 1
    sha256: str
    finished: str
    terraform: str
    plan: str = ""
    document: str = ""
    gated: bool = False
    unfinished: bool = False


class ApplyRecord:
    """The record of one stack's folder over one apply: `begin`, Terraform, `finish` when it ended well."""

    def __init__(self, folder: StackFolder) -> None:
        self._folder = folder
        self._before = read(folder)

    def begin(self) -> None:
        """Note on disk that from now on nothing is certain."""
        if self._before:
            self._write(self._before.model_copy(update={"unfinished": True}))

    def finish(self, entry: StackEntry, *, changed: bool, facts: PlanFacts | None, gated: bool, terraform: str) -> None:
        """Note that the stack is as `entry` says, and keep the document of the plan that made it so.

        An apply of the same bytes that changed nothing leaves the record of the one that made them so.
        """
        before = self._before
        if before and not changed and before.sha256 == entry.sha256 and not before.unfinished:
            self._write(before)
            return
        document = facts.document if facts and self._folder.plan_document.is_file() else ""
        if document:
            self._folder.plan_document.replace(self._folder.applied_document)
        else:
            self._folder.applied_document.unlink(missing_ok=True)
        self._write(
            Applied(
                sha256=entry.sha256,
                finished=datetime.now(UTC).isoformat(timespec="seconds"),
                terraform=terraform,
                plan=facts.plan if facts else "",
                document=document,
                gated=gated,
            )
        )

    def _write(self, record: Applied) -> None:
        write_atomically(self._folder.applied, record.model_dump_json(indent=2) + "\n")


def read(folder: StackFolder) -> Applied | None:
    """The record, None where there is none that can be read: then nothing is known of the last apply."""
    try:
        return Applied.model_validate_json(folder.applied.read_bytes())
    except (OSError, ValidationError):
        return None
