"""Reads the result of the last apply or plan, stack by stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.report import status
from policies.report.model import Run
from policies.report.status import Status, Tone

APPLIED = ("added", "changed", "destroyed")
PLANNED = ("to add", "to change", "to destroy")


class Runs:
    """The content of `last-apply.json` or `last-plan.json`; None says that it never ran."""

    def __init__(self, result: Mapping[str, Any] | None) -> None:
        self._started: str = result["started"] if result else ""
        self._stacks = {run["id"]: run for run in result["stacks"]} if result else {}

    def apply(self, stack: str) -> Run:
        """How the stack fared in the apply."""
        run = self._stacks.get(stack)
        return _run(run, status.of_apply(run["status"]), APPLIED) if run else Run()

    def ran_after(self, stack: str, moment: str) -> bool:
        """Whether the run that the stack had a part in began after the moment; both UTC in one ISO 8601 form."""
        return stack in self._stacks and moment < self._started

    def plan(self, stack: str, applied: Runs) -> Run:
        """How the stack fared in the plan. A plan from before the stack's last apply says nothing of today.

        The start times compare as text: both are UTC in one ISO 8601 form.
        """
        run = self._stacks.get(stack)
        if run is None:
            return Run()
        apply = applied.apply(stack)
        if apply.status != status.NOT_RUN and self._started < applied._started:
            return _run(run, status.SUPERSEDED, PLANNED)
        return _run(run, status.of_plan(run["status"], applied=apply.status.tone is Tone.GOOD), PLANNED)


def _run(run: Mapping[str, Any], state: Status, words: tuple[str, str, str]) -> Run:
    changes = run["changes"] or {}
    counts = zip((changes.get(name, 0) for name in ("add", "change", "destroy")), words, strict=True)
    failure = run["failure"]
    return Run(
        status=state,
        seconds=run["seconds"] or None,
        changes=", ".join(f"{count} {word}" for count, word in counts if count),
        error=_line(failure) if failure else run["note"],
        detail="\n".join(filter(None, (failure["detail"], failure["advice"]))) if failure else "",
        log=run["log"],
    )


def _line(failure: Mapping[str, str]) -> str:
    return ": ".join(filter(None, (failure["address"], failure["summary"])))
