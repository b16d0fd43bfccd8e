"""What the verdict is worth for this synthesis: it holds only for the bytes that were scanned, and until its date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from policies.report import status
from policies.report.model import Gate, Stack

OUTCOMES = ("passed", "failed", "waived", "unjudged")

Json = Mapping[str, Any]


def of_stack(entry: Json, verdict: Json | None, today: date) -> Gate:
    """The verdict over one stack of the manifest. One over other bytes, or past its date, is never `passed`."""
    if verdict is None:
        return Gate()
    judged = verdict["stacks"].get(entry["id"])
    if judged is None:
        return Gate(status.GATE_MISSING)
    if judged["sha256"] != entry["sha256"]:
        state = status.GATE_STALE
    elif _ended(judged, today):
        state = status.GATE_EXPIRED
    else:
        state = status.GATE_PASSED if judged["passed"] else status.GATE_FAILED
    return Gate(state, **{name: judged["counts"][name] for name in OUTCOMES})


def _ended(judged: Json, today: date) -> bool:
    """Whether a waiver that the judgement rests on has ended: it holds through its last day."""
    return judged["valid_until"] is not None and date.fromisoformat(judged["valid_until"]) < today


def of_all(stacks: Sequence[Stack], verdict: Json | None, today: date) -> tuple[Gate, str]:
    """The verdict over all stacks, with a sentence that says why. Over no stack it is never `passed`."""
    if verdict is None:
        return Gate(), "The gate did not run on this synthesis. Run mlgov gate."
    totals = {name: sum(getattr(stack.gate, name) for stack in stacks) for name in OUTCOMES}
    missing = [stack.id for stack in stacks if stack.gate.status == status.GATE_MISSING]
    stale = [stack.id for stack in stacks if stack.gate.status == status.GATE_STALE]
    if not verdict["passed"]:
        failed = sum(judged["counts"]["failed"] for judged in verdict["stacks"].values())
        state, reason = status.GATE_FAILED, _why_failed(failed, len(verdict["faults"]))
    elif not stacks:
        state, reason = status.GATE_MISSING, "This synthesis has no stack."
    elif missing:
        state, reason = status.GATE_MISSING, f"The verdict does not cover {_some(missing)}. Run mlgov gate."
    elif stale:
        state, reason = status.GATE_STALE, f"{_some(stale)} changed after the scan. Run mlgov gate."
    elif _ended(verdict, today):
        state, reason = status.GATE_EXPIRED, f"A waiver it rests on ended on {verdict['valid_until']}."
    else:
        waived = f", {totals['waived']} findings under a waiver" if totals["waived"] else ""
        state, reason = status.GATE_PASSED, f"Every stack was scanned and nothing failed{waived}."
    return Gate(state, **totals), reason


def _why_failed(failed: int, faults: int) -> str:
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((failed, "failed finding"), (faults, "gate fault"))
        if count
    ]
    return f"{' and '.join(parts) or 'The gate refused'}."


def _some(names: Sequence[str]) -> str:
    """The first three names, and how many more there are."""
    rest = len(names) - 3
    return ", ".join(names[:3]) + (f" and {rest} more" if rest > 0 else "")


def facts(verdict: Json | None) -> tuple[tuple[str, str], ...]:
    """What an auditor needs to repeat the scan."""
    if verdict is None:
        return ()
    return (
        ("checkov", verdict["checkov_version"]),
        ("Policies (SHA-256)", verdict["policy_digest"]),
        ("Verdict holds until", verdict["valid_until"] or "the stacks, policies or waivers change"),
    )
