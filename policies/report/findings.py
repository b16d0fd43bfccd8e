"""The findings of a verdict that the page shows: what failed, and what is waived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A used waiver. `days_left` counts from the report's date: 0 on its last day, negative after it."""

    reason: str
    owner: str
    approver: str
    ticket: str
    expires: date
    days_left: int


@dataclass(frozen=True, slots=True)
class DueWaiver:
    """A waiver that soon ends, used or not; `where` is its file and line."""

    where: str
    policies: tuple[str, ...]
    resource: str
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Finding:
    """A policy that a resource failed, or would have failed but for a waiver.

    `path` is the construct path, `file` the stack's JSON from the folder of the synthesis on, `line` its line there.
    """

    stack: str
    address: str
    path: str
    file: str
    policy: str
    control: str
    severity: str
    title: str
    message: str
    remediation: str
    line: int
    waiver: Waiver | None


def of_verdict(verdict: Json | None, today: date) -> tuple[Finding, ...]:
    """Failed and waived findings, failed and severe ones first."""
    if verdict is None:
        return ()
    files = {name: judged["file"] for name, judged in verdict["stacks"].items()}
    raws = (raw for raw in verdict["findings"] if raw["outcome"] != "passed")
    return tuple(sorted((_finding(raw, files[raw["stack"]], today) for raw in raws), key=_rank))


def due(verdict: Json | None, today: date) -> tuple[DueWaiver, ...]:
    """The waivers that the gate found to end soon, the first to end in front."""
    raws = verdict["due"] if verdict else ()
    return tuple(DueWaiver(raw["where"], tuple(raw["policies"]), raw["resource"], _waiver(raw, today)) for raw in raws)


def _rank(finding: Finding) -> tuple[object, ...]:
    return (
        finding.waiver is not None,
        severity_rank(finding.severity),
        finding.policy,
        finding.stack,
        finding.address,
        finding.line,
        finding.message,
    )


def severity_rank(severity: str) -> int:
    """The place of a severity in the order critical to low; one we do not know stands last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _finding(raw: Json, file: str, today: date) -> Finding:
    waiver = raw["waiver"]
    return Finding(
        stack=raw["stack"],
        address=raw["address"],
        path=raw["path"] or "",
        file=file,
        policy=raw["policy"],
        control=raw["control"] or "",
        severity=raw["severity"] or "",
        title=raw["title"],
        message=raw["message"],
        remediation=raw["remediation"] or "",
        line=raw["line"],
        waiver=_waiver(waiver, today) if waiver else None,
    )


def _waiver(raw: Json, today: date) -> Waiver:
    expires = date.fromisoformat(raw["expires"])
    return Waiver(
        reason=raw["reason"],
        owner=raw["owner"],
        approver=raw["approver"],
        ticket=raw["ticket"],
        expires=expires,
        days_left=(expires - today).days,
    )
