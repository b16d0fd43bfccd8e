"""The gate: scans every stack's Terraform JSON, applies the waivers and decides. It fails closed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from policies.access import judged as duties
from policies.cache import Cache, checkov_version, tree_digest
from policies.catalogue import Catalogue
from policies.cost import envelope
from policies.errors import GateError
from policies.isolation import PACKAGE, scan
from policies.known import known
from policies.record import GateFault, Outcome, Record, Scan, StackFile, StackScan
from policies.verdict import Counts, Finding, StackVerdict, Verdict
from policies.waiver import Waivers

__all__ = ["StackFile", "run"]


def run(
    stacks: Sequence[StackFile],
    *,
    waivers: Path,
    today: date,
    jobs: int,
    cache: Path | None,
    tree: Path = PACKAGE,
    partial: bool = False,
    manifest: Mapping[str, Any] | None = None,
) -> Verdict:
    """Judge the stacks under the policies of `tree` (its folders `checks` and `controls`).

    `partial` says that these are not all stacks, so that a waiver which matches nothing may be for another. Of all
    stacks the `manifest` is given as JSON: separation of duties is judged over the organisation as a whole, and what
    an environment costs when idle over all of it.
    `jobs` processes scan; stacks in the `cache` folder with the same bytes, policies and checkov are
    not scanned again. Never raises for what stands in stacks, policies or waivers: all that is in the
    verdict, and what keeps the gate from judging is a fault there.
    """
    digest, checkov = tree_digest(PACKAGE, tree), checkov_version()
    given, faults = _readable(stacks)
    kept = Cache(cache, policies=digest, checkov=checkov)
    found = _scan(given, kept, tree=tree, jobs=jobs)
    catalogue = _catalogue(tree)
    in_force = Waivers.read(waivers, today=today)
    records = [(stack, record) for stack, judged in sorted(found.stacks.items()) for record in judged.records]
    faults += [*found.faults, *in_force.faults]
    faults += in_force.unfit(records, known=known(catalogue), partial=partial)
    if manifest is not None:
        faults += duties.faults(manifest, given, kept)
        faults += envelope.faults(manifest, given, kept)
    for stack, judged in found.stacks.items():
        faults += [fault.model_copy(update={"stack": stack}) for fault in judged.faults]
    findings = [_finding(stack, record, found.stacks[stack].titles, catalogue, in_force) for stack, record in records]
    faults.sort(key=GateFault.sort_key)
    of_stack: dict[str, list[Finding]] = {stack.id: [] for stack in stacks}
    for finding in findings:
        of_stack[finding.stack].append(finding)
    verdicts = {
        stack.id: _stack_verdict(stack, of_stack[stack.id], faults)
        for stack in sorted(stacks, key=lambda stack: stack.id)
    }
    return Verdict(
        passed=not faults and all(verdict.passed for verdict in verdicts.values()),
        valid_until=_earliest(findings),
        policy_digest=digest,
        checkov_version=checkov,
        waivers_sha256=in_force.sha256,
        due=in_force.due(today),
        stacks=verdicts,
        findings=tuple(finding for finding in findings if finding.outcome is not Outcome.UNJUDGED),
        unjudged=tuple(finding for finding in findings if finding.outcome is Outcome.UNJUDGED),
        faults=tuple(faults),
    )


def _readable(stacks: Sequence[StackFile]) -> tuple[list[StackFile], list[GateFault]]:
    """The stacks whose files hold the promised bytes, and a fault for each other."""
    faults: list[GateFault] = []
    if not stacks:
        faults.append(GateFault(kind="no-stacks", message="there is nothing to judge; run `mlgov synth`"))
    given = []
    for stack_id, times in Counter(stack.id for stack in stacks).items():
        if times > 1:
            faults.append(GateFault(kind="stack-twice", stack=stack_id, message="two stacks have this id"))
    for stack in stacks:
        try:
            sha256 = hashlib.sha256(stack.path.read_bytes()).hexdigest()
        except OSError as error:
            message = f"{_location(stack, stack.path)} cannot be read ({error.strerror}); {stack.remedy}"
            faults.append(GateFault(kind="stack-missing", stack=stack.id, message=message))
            continue
        if sha256 != stack.sha256:
            message = f"{_location(stack, stack.path)} has other bytes than were promised; {stack.remedy}"
            faults.append(GateFault(kind="stack-changed", stack=stack.id, message=message))
            continue
        given.append(stack)
    return given, faults


def _scan(stacks: Sequence[StackFile], cache: Cache, *, tree: Path, jobs: int) -> Scan:
    """Kept scans where there are any; one scan process for the rest. Every given stack is in the result."""
    read = {stack.id: cache.read(stack.sha256) for stack in stacks}
    kept = {stack_id: judged for stack_id, judged in read.items() if judged}
    rest = [stack for stack in stacks if stack.id not in kept]
    if not rest:
        return Scan(stacks=kept)
    fresh = scan(rest, tree=tree, jobs=jobs)
    unscanned = StackScan(faults=(GateFault(kind="not-scanned", message="the scan gave no result for this stack"),))
    scans = {stack.id: fresh.stacks.get(stack.id, unscanned) for stack in rest}
    if not fresh.faults:
        for stack in rest:
            cache.write(stack.sha256, scans[stack.id])
    return Scan(stacks=kept | scans, faults=fresh.faults)


def _catalogue(tree: Path) -> Catalogue:
    """The catalogue, empty where it is broken: the scan has made that a fault."""
    try:
        return Catalogue.read(tree / "controls")
    except GateError:
        return Catalogue({})


def _finding(stack: str, record: Record, titles: Mapping[str, str], catalogue: Catalogue, waivers: Waivers) -> Finding:
    control = catalogue.of(record.policy)
    waiver = waivers.of(stack, record) if record.outcome is Outcome.FAILED else None
    return Finding(
        stack=stack,
        address=record.address,
        path=record.path,
        line=record.line,
        policy=record.policy,
        title=titles[record.policy],
        control=control.id if control else None,
        severity=control.severity if control else None,
        outcome=Outcome.WAIVED if waiver else record.outcome,
        message=record.message,
        remediation=control.remediation if control and record.outcome is Outcome.FAILED else None,
        waiver=waiver.use if waiver else None,
    )


def _stack_verdict(stack: StackFile, own: Sequence[Finding], faults: Sequence[GateFault]) -> StackVerdict:
    counts = Counter(finding.outcome.value for finding in own)
    sound = not any(fault.stack == stack.id for fault in faults)
    return StackVerdict(
        sha256=stack.sha256,
        form=stack.form,
        file=_location(stack, stack.source or stack.path),
        passed=sound and bool(own) and not counts[Outcome.FAILED],
        counts=Counts(**counts),
        valid_until=_earliest(own),
    )


def _earliest(findings: Sequence[Finding]) -> date | None:
    """The last day on which every waiver in use still holds; None when none is used."""
    return min((finding.waiver.expires for finding in findings if finding.waiver), default=None)


def _location(stack: StackFile, path: Path) -> str:
    """The file relative to the working folder, or `<stack id>/<name>` where it lies outside: no machine's path."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return f"{stack.id}/{path.name}"
