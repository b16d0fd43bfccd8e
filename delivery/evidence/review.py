"""Whether what was reviewed is what is applied: what the files of a pack say of each stack, and where they contradict.

It reads nothing but the pack, so that who writes one and who verifies it, years later, come to the same result.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from delivery.apply_record import Applied
from delivery.evidence import contents
from delivery.evidence.contents import APPLIED, GATE, PLAN_GATE, PLANS, SYNTHESIS, WAIVERS
from delivery.evidence.model import EvidenceError, Files, Judged, Review, StackLine
from delivery.saved_plan import PlanFacts
from environments.manifest import FILE_NAME, Manifest, StackEntry
from policies.errors import reasons
from policies.plan import PlanDocument
from policies.report.results import FILE_NAME as VERDICT
from policies.verdict import Verdict

Model = TypeVar("Model", bound=BaseModel)
ANY_DAY = date.min  # no waiver ends before it


class _Provider(BaseModel):
    source: str
    version: str


class _Terraform(BaseModel):
    required_providers: dict[str, _Provider] = {}


class _Stack(BaseModel):
    """What a pack's manifest tells of a stack's JSON."""

    terraform: _Terraform


def review(files: Files) -> tuple[Review, list[str]]:
    """What the files say, and every contradiction, with what to do.

    Raises EvidenceError when a file that cannot be missing is, or when one cannot be read.
    """
    manifest = _read(files, f"{SYNTHESIS}/{FILE_NAME}", Manifest)
    verdict = _read(files, f"{GATE}/{VERDICT}", Verdict)
    plans = _read(files, f"{PLAN_GATE}/{VERDICT}", Verdict) if f"{PLAN_GATE}/{VERDICT}" in files else None
    lines = tuple(_line(files, entry, verdict, plans) for entry in manifest.stacks)
    found = Review(
        organization=manifest.organization.name,
        policy_digest=verdict.policy_digest,
        waivers_sha256=_sha256(files, WAIVERS),
        providers=_providers(files, manifest),
        stacks=lines,
    )
    problems = [*_of_the_gate(files, verdict, lines), *_strangers(files, manifest, verdict)]
    for entry, line in zip(manifest.stacks, lines, strict=True):
        problems += _of_synthesis(files, entry)
        problems += _of_plan(files, entry, line)
        problems += _of_apply(files, entry, line)
    return found, problems


def _line(files: Files, entry: StackEntry, verdict: Verdict, plans: Verdict | None) -> StackLine:
    facts, record = contents.facts_name(PLANS, entry), contents.facts_name(APPLIED, entry)
    plan = _read(files, facts, PlanFacts) if facts in files else None
    applied = _read(files, record, Applied) if record in files else None
    day = _day(record, applied)
    return StackLine(
        id=entry.id,
        sha256=entry.sha256,
        gate=_judged(verdict, entry.id, entry.sha256, day),
        plan=plan,
        plan_gate=_judged(plans, entry.id, plan.document if plan else "", ANY_DAY),
        applied=applied,
        applied_plan_gate=_judged(plans, entry.id, applied.document if applied else "", day),
    )


def _day(name: str, applied: Applied | None) -> date:
    """The day on which the apply ended."""
    if applied is None:
        return ANY_DAY
    try:
        return datetime.fromisoformat(applied.finished).date()
    except ValueError as error:
        raise EvidenceError([f"{name} cannot be read: {error}"]) from error


def _judged(verdict: Verdict | None, stack_id: str, sha256: str, day: date) -> Judged:
    """What the verdict says of exactly these bytes on that day."""
    stack = verdict.stacks.get(stack_id) if verdict else None
    if verdict is None or stack is None or stack.sha256 != sha256:
        return "not judged"
    return "passed" if verdict.covers(stack_id, sha256, day) else "failed"


def _of_the_gate(files: Files, verdict: Verdict, lines: Sequence[StackLine]) -> Iterator[str]:
    if _sha256(files, WAIVERS) != verdict.waivers_sha256:
        yield f"{WAIVERS} is not the file that the gate has applied: run `mlgov gate`"
    # A fault of the whole run passes no stack, so it is told in their place.
    if whole := [fault for fault in verdict.faults if fault.stack is None]:
        yield from (f"{GATE}/{VERDICT} passes no stack: {fault}" for fault in whole)
    elif failed := [line for line in lines if line.gate == "failed"]:
        told = (line.id + (f" (applied on {line.applied.finished[:10]})" if line.applied else "") for line in failed)
        yield f"the gate has not passed, or no longer when it was applied: {', '.join(told)}"
    if unjudged := [line.id for line in lines if line.gate == "not judged"]:
        yield f"the gate has not judged these bytes of: {', '.join(unjudged)}; run `mlgov gate`"


def _strangers(files: Files, manifest: Manifest, verdict: Verdict) -> Iterator[str]:
    """What belongs to nothing that was synthesised."""
    if strangers := sorted(verdict.stacks.keys() - {entry.id for entry in manifest.stacks}):
        yield f"{GATE}/{VERDICT} judges stacks that are not in the synthesis: {', '.join(strangers)}"
    known = {f"{SYNTHESIS}/{FILE_NAME}", f"{SYNTHESIS}/{contents.CDKTF_MANIFEST}", WAIVERS}
    for entry in manifest.stacks:
        known |= {contents.stack_name(entry), *(contents.asset_name(entry, name) for name in entry.assets)}
        known |= {name(folder, entry) for name in _OF_RUNS for folder in (PLANS, APPLIED)}
    for name in sorted(files):
        if name not in known and name.partition("/")[0] not in (GATE, PLAN_GATE):
            yield f"{name} belongs to nothing in the synthesis"


_OF_RUNS = (contents.facts_name, contents.document_name)


def _of_synthesis(files: Files, entry: StackEntry) -> Iterator[str]:
    for name, sha256 in (
        (contents.stack_name(entry), entry.sha256),
        *((contents.asset_name(entry, asset), digest) for asset, digest in entry.assets.items()),
    ):
        if _sha256(files, name) != sha256:
            yield f"{name} is not what {SYNTHESIS}/{FILE_NAME} says of stack {entry.id}"


def _of_plan(files: Files, entry: StackEntry, line: StackLine) -> Iterator[str]:
    if line.plan and line.plan.sha256 != entry.sha256:
        yield f"stack {entry.id}: the saved plan was made of other bytes; run `mlgov plan`"
    yield from _of_document(files, PLANS, entry, line.plan.document if line.plan else "")


def _of_apply(files: Files, entry: StackEntry, line: StackLine) -> Iterator[str]:
    applied = line.applied
    yield from _of_document(files, APPLIED, entry, applied.document if applied else "")
    if applied is None:
        return
    if applied.unfinished:
        yield f"stack {entry.id}: its last apply did not end well; run `mlgov apply`"
    if applied.sha256 != entry.sha256:
        yield f"stack {entry.id}: what is applied was made of other bytes than were reviewed; run `mlgov apply`"
    if line.applied_plan_gate == "failed":
        yield f"stack {entry.id}: the gate has not passed the plan that was applied"


def _of_document(files: Files, folder: str, entry: StackEntry, sha256: str) -> Iterator[str]:
    """A plan's document must be the one that its facts name, and its stack text the stack's bytes."""
    name = contents.document_name(folder, entry)
    if _sha256(files, name) != sha256:
        yield f"{name} is not what {contents.facts_name(folder, entry)} says"
    elif sha256:
        document = _read(files, name, PlanDocument)
        if hashlib.sha256(document.stack.encode()).hexdigest() != entry.sha256:
            yield f"{name} is of a plan of other bytes than those of stack {entry.id}"


def _providers(files: Files, manifest: Manifest) -> dict[str, tuple[str, ...]]:
    versions: dict[str, set[str]] = defaultdict(set)
    for entry in manifest.stacks:
        for provider in _read(files, contents.stack_name(entry), _Stack).terraform.required_providers.values():
            versions[provider.source].add(provider.version)
    return {source: tuple(sorted(found)) for source, found in sorted(versions.items())}


def _read(files: Files, name: str, model: type[Model]) -> Model:
    if name not in files:
        raise EvidenceError([f"{name} is missing: run `mlgov synth` and `mlgov gate`"])
    try:
        return model.model_validate_json(files[name])
    except ValidationError as error:
        raise EvidenceError([f"{name} cannot be read: {'; '.join(reasons(error))}"]) from error


def _sha256(files: Files, name: str) -> str:
    """The digest of a file, empty when there is none."""
    return hashlib.sha256(files[name]).hexdigest() if name in files else ""
