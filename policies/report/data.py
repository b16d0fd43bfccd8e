"""Collects the report's data from the outputs of synthesis, gate and delivery.

The inputs are the parsed content of `mlgov.json`, `verdict.json` (over the stacks, and over saved plans),
`last-apply.json`, `last-plan.json` and `last-drift.json`, as their own readers validated them: a missing key here is a
fault of ours and surfaces as a KeyError. Coverage and catalogue come as they are. No clock and no file is read, so
equal inputs give equal data.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from policies.catalogue import Catalogue
from policies.coverage import Coverage
from policies.record import GateFault
from policies.report import frameworks, judgement, matrix, status
from policies.report.costs import Cost
from policies.report.drifts import Drifts
from policies.report.findings import Finding, due, of_verdict, severity_rank
from policies.report.model import Account, Policy, ReportData, Stack, Unit
from policies.report.models import Model
from policies.report.plans import NO_PLANS, Plans
from policies.report.releases import Release
from policies.report.runs import Runs

Json = Mapping[str, Any]


def collect(
    manifest: Json,
    verdict: Json | None,
    apply: Json | None,
    plan: Json | None,
    today: date,
    *,
    coverage: Coverage,
    drift: Json | None = None,
    catalogue: Catalogue,
    plans: Plans = NO_PLANS,
    models: tuple[Model, ...] = (),
    releases: tuple[Release, ...] = (),
    cost: Cost | None = None,
) -> ReportData:
    """Join the outputs by stack id. `today` is the day that waivers and the verdicts are dated against.

    None says that the gate, the apply, the plan or the look for drift did not run. Raises ValueError when the manifest
    contradicts itself: a stack listed before one it depends on, or an account in a unit that is not there;
    CatalogueError when the coverage is of another catalogue.
    """
    findings = of_verdict(verdict, today)
    stacks = _stacks(manifest["stacks"], findings, verdict, Runs(apply), Runs(plan), plans, Drifts(drift), today)
    organization = manifest["organization"]
    units = {None, *(unit["key"] for unit in organization["units"])}
    if lost := [raw["name"] for raw in organization["accounts"] if raw["unit"] not in units]:
        raise ValueError(f"the manifest has no unit for account {', '.join(lost)}")
    gate, reason = judgement.of_all(stacks, verdict, today)
    root = _unit(None, organization["name"], organization, stacks)
    account_of = {stack.id: stack.account for stack in stacks}
    covered = matrix.build(coverage, catalogue, root, findings, account_of)
    return ReportData(
        organization=organization["name"],
        partition=organization["partition"],
        home_region=organization["home_region"],
        management_account_id=organization["management_account_id"],
        today=today,
        gate=gate,
        reason=reason,
        target=apply["target"] if apply else "",
        root=root,
        stacks=stacks,
        policies=_policies(verdict, findings),
        findings=findings,
        due=due(verdict, today),
        faults=tuple(str(GateFault.model_validate(raw)) for raw in verdict["faults"]) if verdict else (),
        matrix=covered,
        frameworks=frameworks.build(covered.controls),
        provenance=(*judgement.facts(verdict), *_run_facts("Last apply", apply), *_run_facts("Last plan", plan)),
        models=models,
        releases=releases,
        cost=cost,
    )


def _stacks(
    entries: Sequence[Json],
    findings: Iterable[Finding],
    verdict: Json | None,
    applied: Runs,
    planned: Runs,
    plans: Plans,
    looked: Drifts,
    today: date,
) -> tuple[Stack, ...]:
    """Every stack of the manifest, in its order."""
    by_stack = _by_stack(findings)
    by_plan = _by_stack(of_verdict(plans.verdict, today))
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
        plan_gate = plans.of_stack(entry["id"], today)
        drift = looked.of_stack(entry["id"], applied)
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
                status=status.overall(gate.status, apply.status, plan.status, plan_gate.status, drift.status),
                gate=gate,
                apply=apply,
                plan=plan,
                findings=tuple(by_stack[entry["id"]]),
                plan_gate=plan_gate,
                plan_findings=tuple(by_plan[entry["id"]]) if plan_gate.scanned else (),
                drift=drift,
            )
        )
    return tuple(stacks)


def _by_stack(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.stack].append(finding)
    return found


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
        origins=tuple(raw["origins"]),
        stacks=tuple(stack.id for stack in own),
        status=status.worst(stack.status for stack in own),
    )


def _run_facts(label: str, result: Json | None) -> tuple[tuple[str, str], ...]:
    if result is None:
        return ()
    narrowed = f", only {result['select']}" if result["select"] else ""
    return ((label, f"{result['target']}, started {result['started']}{narrowed}"),)
