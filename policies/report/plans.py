"""What the policies say of saved plans, as long as the plans are the ones that were judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policies.report import judgement
from policies.report.model import Gate


@dataclass(frozen=True, slots=True)
class Plans:
    """The verdict of the last `mlgov plan --gate`, None when it never ran.

    `documents` are the SHA-256 of the plan documents that are there now, by stack: an apply removes them.
    """

    verdict: Mapping[str, Any] | None = None
    documents: Mapping[str, str] = field(default_factory=dict)

    def of_stack(self, stack: str, today: date) -> Gate:
        """The verdict over the plan of a stack. `not run` where there is no plan, or it was not judged."""
        if self.verdict is None or stack not in self.verdict["stacks"] or stack not in self.documents:
            return Gate()
        return judgement.of_stack({"id": stack, "sha256": self.documents[stack]}, self.verdict, today)


NO_PLANS = Plans()
