"""What is known of a saved plan: kept beside it, and believed only for exactly these bytes of the stack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import ValidationError

from delivery.run_result import write_atomically
from delivery.workspace import StackFolder
from modules.core.settings import Strict


class PlanFacts(Strict):
    """What a saved plan was made of, and when (UTC, ISO 8601).

    `lost` are the resources that hold data and that it destroys, each named by the run that made it.
    """

    sha256: str
    made: str
    lost: tuple[str, ...] = ()

    @classmethod
    def write(cls, folder: StackFolder, sha256: str, lost: Sequence[str]) -> None:
        """Note what the plan in `folder` was just made of."""
        facts = cls(sha256=sha256, made=datetime.now(UTC).isoformat(timespec="seconds"), lost=tuple(lost))
        write_atomically(folder.plan_facts, facts.model_dump_json())

    @classmethod
    def read(cls, folder: StackFolder, sha256: str) -> PlanFacts | None:
        """The facts of the plan in `folder`; None when there is no plan of these bytes."""
        if not folder.plan.is_file() or not folder.plan_facts.is_file():
            return None
        try:
            facts = cls.model_validate_json(folder.plan_facts.read_bytes())
        except ValidationError:
            return None
        return facts if facts.sha256 == sha256 else None
