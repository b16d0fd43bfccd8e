"""Reads what the last `mlgov drift` found, stack by stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policies.report import status
from policies.report.model import Run
from policies.report.runs import Runs


class Drifts:
    """The content of `last-drift.json`; None says that nobody has looked."""

    def __init__(self, result: Mapping[str, Any] | None) -> None:
        self._stacks = {stack["id"]: stack for stack in result["stacks"]} if result else {}

    def of_stack(self, name: str, applied: Runs) -> Run:
        """What is known of the stack. A look from before its last apply says nothing of today."""
        stack = self._stacks.get(name)
        if stack is None:
            return Run()
        state = status.of_drift(stack["state"])
        if stack["checked"] and applied.ran_after(name, stack["checked"]):
            state = status.SUPERSEDED
        first, *more = [*_lines(stack), ""]
        return Run(
            status=state,
            changes=f"looked at {stack['checked']}" if stack["checked"] else "",
            error=first,
            detail="\n".join(filter(None, more)),
            log=stack["log"],
        )


def _lines(stack: Mapping[str, Any]) -> Iterator[str]:
    if stack["failure"]:
        yield from filter(None, (stack["failure"][part] for part in ("summary", "detail", "advice")))
    for each in stack["differences"]:
        what = ", ".join(attribute["path"] for attribute in each["attributes"]) or "/".join(each["actions"])
        why = "".join(f"; {reason['kind']}: {reason['text']}" for reason in each["reasons"])
        yield f"{each['kind']} ({each['severity']}) {each['address']}: {what}, since {each['since']}{why}"
