"""Collects the report's data from the outputs of synthesis, gate and delivery.

The inputs are the parsed content of `mlgov.json`, `verdict.json`, `last-apply.json` and
`last-plan.json`, as their own readers validated them: a missing key here is a fault of ours and
surfaces as a KeyError. No clock and no file is read, so equal inputs give equal data.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from policies.record import GateFault
from policies.report import judgement, status
from policies.report.model import Account, Finding, Policy, ReportData, Stack, Unit, Waiver
from policies.report.runs import Runs

SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")

Json = Mapping[str, Any]


def collect(manifest: Json, verdict: Json | None, apply: Json | None, plan: Json | None, today: date) -> ReportData:
    """Join the four outputs by stack id. `today` is the day that waivers and the verdict are dated against.

    None says that the gate, the apply or the plan did not run. Raises ValueError when the manifest
    contradicts itself: a stack listed before one it depends on, or an account in a unit that is not there.
    """
    findings = _findings(verdict, today)
    stacks = _stacks(manifest["stacks"], findings, verdict, Runs(apply), Runs(plan), today)
    organization = manifest["organization"]
    units = {None, *(unit["key"] for unit in organization["units"])}
    if lost := [raw["name"] for raw in organization["accounts"] if raw["unit"] not in units]:
        raise ValueError(f"the manifest has no unit for account {', '.join(lost)}")
    gate, reason = judgement.of_all(stacks, verdict, today)
    return ReportData(
        organization=organization["name"],
        partition=organization["partition"],
        home_region=organization["home_region"],
        management_account_id=organization["management_account_id"],
        today=today,
        gate=gate,
        reason=reason,
        target=apply["target"] if apply else "",
        root=_unit(None, organization["name"], organization, stacks),
        stacks=stacks,
        policies=_policies(verdict, findings),
        findings=findings,
        faults=tuple(str(GateFault.model_validate(raw)) for raw in verdict["faults"]) if verdict else (),
        provenance=(*judgement.facts(verdict), *_run_facts("Last apply", apply), *_run_facts("Last plan", plan)),
    )


def _findings(verdict: Json | None, today: date) -> tuple[Finding, ...]:
    """Failed and waived findings, failed and severe ones first."""
    raws = verdict["findings"] if verdict else ()
    return tuple(sorted((_finding(raw, today) for raw in raws if raw["outcome"] != "passed"), key=_rank))


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


def _finding(raw: Json, today: date) -> Finding:
    waiver = raw["waiver"]
    return Finding(
        stack=raw["stack"],
        address=raw["address"],
        path=raw["path"] or "",
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
    return Waiver(raw["reason"], raw["owner"], expires, (expires - today).days)


def _stacks(
    entries: Sequence[Json],
    findings: Iterable[Finding],
    verdict: Json | None,
    applied: Runs,
    planned: Runs,
    today: date,
) -> tuple[Stack, ...]:
    """Every stack of the manifest, in its order."""
    by_stack: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_stack[finding.stack].append(finding)
    needed_by: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for name in entry["depends_on"]:
            needed_by[name].append(entry["id"])
    waves = _waves(entries)
    stacks = []
    for entry in entries:
        gate = judgement.of_stack(entry, verdict, today)
        apply = applied.apply(entry["id"])
        plan = planned.plan(entry["id"], applied)
        stacks.append(
            Stack(
                id=entry["id"],
                name=entry["stack"],
                module=entry["module"],
                account=entry["account"],
                environment=entry["environment"],
                region=entry["region"],
                resources=entry["resources"],
                sha256=entry["sha256"],
                depends_on=tuple(entry["depends_on"]),
                needed_by=tuple(needed_by[entry["id"]]),
                wave=waves[entry["id"]],
                status=status.overall(gate.status, apply.status, plan.status),
                gate=gate,
                apply=apply,
                plan=plan,
                findings=tuple(by_stack[entry["id"]]),
            )
        )
    return tuple(stacks)


def _waves(entries: Sequence[Json]) -> dict[str, int]:
    """The wave of each stack: one behind its last dependency. One outside this synthesis delays nothing."""
    known = {entry["id"] for entry in entries}
    waves: dict[str, int] = {}
    for entry in entries:
        before = [name for name in entry["depends_on"] if name in known]
        if late := [name for name in before if name not in waves]:
            raise ValueError(f"the manifest lists {entry['id']} before {', '.join(late)}, which it depends on")
        waves[entry["id"]] = 1 + max((waves[name] for name in before), default=-1)
    return waves


def _policies(verdict: Json | None, findings: Iterable[Finding]) -> tuple[Policy, ...]:
    """Every policy that judged a resource, the ones with failures and the severe ones first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    about: dict[str, Json] = {}
    for raw in (*verdict["findings"], *verdict["unjudged"]) if verdict else ():
        counts[raw["policy"]][raw["outcome"]] += 1
        about.setdefault(raw["policy"], raw)
    open_findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        open_findings[finding.policy].append(finding)
    policies = [
        Policy(
            id=name,
            control=raw["control"] or "",
            severity=raw["severity"] or "",
            title=raw["title"],
            **{outcome: counts[name][outcome] for outcome in judgement.OUTCOMES},
            findings=tuple(open_findings[name]),
        )
        for name, raw in about.items()
    ]
    return tuple(sorted(policies, key=lambda p: (not p.failed, not p.waived, severity_rank(p.severity), p.id)))


def _unit(key: str | None, name: str, organization: Json, stacks: Sequence[Stack]) -> Unit:
    """The unit `key` with everything below it; None is the root of the organisation."""
    below = [unit for unit in organization["units"] if unit["parent"] == key]
    accounts = [account for account in organization["accounts"] if account["unit"] == key]
    return Unit(
        name=name,
        accounts=tuple(_account(raw, stacks) for raw in sorted(accounts, key=lambda raw: raw["name"])),
        units=tuple(
            _unit(unit["key"], unit["name"], organization, stacks)
            for unit in sorted(below, key=lambda raw: raw["name"])
        ),
    )


def _account(raw: Json, stacks: Sequence[Stack]) -> Account:
    own = [stack for stack in stacks if stack.account == raw["name"]]
    return Account(
        name=raw["name"],
        id=raw["id"] or "",
        environment=raw["environment"],
        roles=tuple(raw["roles"]),
        team=raw["team"] or "",
        domain=raw["domain"] or "",
        stacks=tuple(stack.id for stack in own),
        status=status.worst(stack.status for stack in own),
    )


def _run_facts(label: str, result: Json | None) -> tuple[tuple[str, str], ...]:
    if result is None:
        return ()
    narrowed = f", only {result['select']}" if result["select"] else ""
    return ((label, f"{result['target']}, started {result['started']}{narrowed}"),)
