"""The review of plans: every change by its classes, held to the limits of the stack's tier."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from delivery.review import paths
from delivery.review.classify import Surroundings, classify
from delivery.review.limits import Limits, limits
from delivery.review.model import (
    ChangeClass,
    Counts,
    Decision,
    Judged,
    PolicyResult,
    Reason,
    Review,
    ReviewedChange,
    StackReview,
)
from delivery.review.sources import Planned
from environments.manifest import Manifest, StackEntry
from modules.core.errors import ConfigError
from policies.plan import PlanDocument, PlannedChange
from policies.record import Outcome
from policies.verdict import Finding, Verdict

OPTION = "--accept"


class Acceptances:
    """What somebody has named as meant: `CLASS:STACK:ADDRESS`. Each must be needed by the plan of its stack.

    Those of stacks that are not of this review are another wave's, and left alone.
    """

    def __init__(self, named: Iterable[str], known: Collection[str], reviewed: Collection[str]) -> None:
        """Raises ConfigError for one that is not of that form, or of a stack that is not among `known`."""
        self._all = frozenset(named)
        self._left = set()
        for name in self._all:
            kind, _, rest = name.partition(":")
            stack, _, address = rest.partition(":")
            if not (stack and address) or kind not in set(ChangeClass):
                raise ConfigError(
                    f"{OPTION} {name}: write it as CLASS:STACK:ADDRESS, as the review shows it; classes are "
                    f"{', '.join(ChangeClass)}"
                )
            if stack not in known:
                raise ConfigError(f"{OPTION} {name}: there is no stack {stack}; `mlgov graph` lists the ids")
            if stack in reviewed:
                self._left.add(name)

    def take(self, kind: ChangeClass, stack: str, address: str) -> bool:
        """Whether it is named; it is then needed."""
        name = acceptance(kind, stack, address)
        self._left.discard(name)
        return name in self._all

    def refuse_unused(self) -> None:
        """Raises ConfigError for what no plan needed: it would let pass the next thing of that name."""
        if self._left:
            raise ConfigError(
                f"{OPTION} {', '.join(sorted(self._left))}: no plan of this review needs it, or the limits of the tier "
                "let nobody accept it; leave it out"
            )


def acceptance(kind: ChangeClass, stack: str, address: str) -> str:
    """How somebody names a change as meant."""
    return f"{kind}:{stack}:{address}"


def review(
    manifest: Manifest,
    planned: Sequence[Planned],
    *,
    policies: Verdict | None,
    accepted: Iterable[str] = (),
    waived: Sequence[Finding] = (),
    within: Limits | None = None,
) -> Review:
    """Every plan judged. `policies` is the gate's verdict over the plans that change something.

    `waived` are findings on stacks that a waiver excepts now and did not before.
    Raises ConfigError for an empty input, and for an acceptance that is malformed or not needed.
    """
    if not planned:
        raise ConfigError("there is no plan to review: run `mlgov plan`, or name files of `terraform show -json`")
    known, reviewed = ({entry.id for entry in manifest.stacks}, {one.entry.id for one in planned})
    named, judge = Acceptances(accepted, known, reviewed), within or limits()
    changing = {one.entry.id for one in planned if one.status != "unchanged"}
    stacks = [_stack(manifest, one, policies, waived, _Bench(one.entry, judge, named), changing) for one in planned]
    named.refuse_unused()
    stacks.sort(key=lambda stack: (stack.passed, -_worst(stack, judge), stack.id))
    return Review(
        organization=manifest.organization.name, passed=all(stack.passed for stack in stacks), stacks=tuple(stacks)
    )


def newly_waived(before: Verdict, now: Verdict) -> list[Finding]:
    """The findings that a waiver excepts now, and did not before."""
    earlier = {(one.stack, one.policy, one.address) for one in before.findings if one.outcome is Outcome.WAIVED}
    return [
        one
        for one in now.findings
        if one.outcome is Outcome.WAIVED and (one.stack, one.policy, one.address) not in earlier
    ]


def _worst(stack: StackReview, judge: Limits) -> int:
    return max((judge.rank(change.worst.kind) for change in stack.changes), default=-1)


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where the changes of one stack are judged."""

    entry: StackEntry
    limits: Limits
    named: Acceptances

    def judged(self, address: str, reasons: Sequence[Reason]) -> tuple[Judged, ...]:
        """The classes of a change, the worst first."""
        kinds = sorted({reason.kind for reason in reasons}, key=self.limits.rank, reverse=True)
        return tuple(
            Judged(
                kind=kind,
                severity=self.limits.of(kind).severity,
                reasons=tuple(reason for reason in reasons if reason.kind is kind),
                decision=self._decision(kind, address),
            )
            for kind in kinds
        )

    def _decision(self, kind: ChangeClass, address: str) -> Decision:
        limit = self.limits.of(kind).limits[self.entry.tier]
        if limit != "accept":
            return limit
        return "accepted" if self.named.take(kind, self.entry.id, address) else "needs-acceptance"


def _stack(
    manifest: Manifest,
    one: Planned,
    policies: Verdict | None,
    waived: Sequence[Finding],
    bench: _Bench,
    changing: set[str],
) -> StackReview:
    entry = one.entry
    own = [finding for finding in waived if finding.stack == entry.id]
    changes, unchanged = _changes(one.document, own, bench)
    return StackReview(
        id=entry.id,
        account=entry.account,
        environment=entry.environment,
        region=entry.region,
        tier=entry.tier,
        owner=entry.owner,
        status=one.status,
        counts=_counts(changes, unchanged),
        changes=tuple(changes),
        policies=_policies(policies, entry.id) if one.file else None,
        downstream=tuple(sorted(other.id for other in manifest.stacks if entry.id in other.depends_on)),
        waits_for=tuple(sorted(changing.intersection(entry.depends_on))),
    )


def _changes(
    document: PlanDocument | None, waived: Sequence[Finding], bench: _Bench
) -> tuple[list[ReviewedChange], int]:
    """The changes that are not no-ops and what is waived, the worst first; and how many no-ops there are."""
    planned = document.changes if document else []
    around = Surroundings.of(planned, json.loads(document.stack) if document else {})
    reasons: dict[str, list[Reason]] = {}
    for change in planned:  # a deposed object, left by a replacement that failed, has the address of its successor
        reasons.setdefault(change.address, []).extend(classify(change, around))
    for finding in waived:
        text = f"{finding.policy} is waived newly: {finding.waiver}"
        reasons.setdefault(finding.address, []).append(Reason(kind=ChangeClass.GUARDRAIL, text=text))
    by_address = {change.address: change for change in reversed(planned)}
    found = [_change(address, by_address.get(address), why, bench) for address, why in reasons.items()]
    told = [one for one in found if one.worst.kind is not ChangeClass.NO_OP]
    told.sort(key=lambda one: (-bench.limits.rank(one.worst.kind), one.address))
    return told, len(found) - len(told)


def _change(address: str, change: PlannedChange | None, reasons: Sequence[Reason], bench: _Bench) -> ReviewedChange:
    """What is judged of an address; of one that the plan does not tell of, what is said of it beside the plan."""
    judged = bench.judged(address, reasons)
    if change is None:
        return ReviewedChange(address=address, type=address.partition(".")[0], actions=("no-op",), classes=judged)
    new = change.before is None
    attributes, more = ((), 0) if new else paths.shown(paths.values(change.before), paths.planned(change))
    return ReviewedChange(
        address=address,
        type=change.type,
        actions=tuple(change.actions),
        classes=judged,
        attributes=attributes,
        more_attributes=more,
        previous_address=change.previous,
    )


_COUNTED: Mapping[frozenset[str], str] = {
    frozenset({"create"}): "add",
    frozenset({"update"}): "change",
    frozenset({"delete"}): "destroy",
    frozenset({"create", "delete"}): "replace",
}


def _counts(changes: Iterable[ReviewedChange], unchanged: int) -> Counts:
    found = Counter(_COUNTED.get(frozenset(change.actions), "others") for change in changes)
    return Counts(**found, unchanged=unchanged)


def _policies(verdict: Verdict | None, stack: str) -> PolicyResult | None:
    if verdict is None:
        return None
    own = [finding for finding in verdict.findings if finding.stack == stack]
    faults = tuple(str(fault) for fault in verdict.faults if fault.stack in (stack, None))
    if stack not in verdict.stacks:
        faults = (*faults, "the policies were not asked about this plan")
    return PolicyResult(
        met=sum(finding.outcome is Outcome.PASSED for finding in own),
        waived=sum(finding.outcome is Outcome.WAIVED for finding in own),
        not_met=tuple(f"{one.policy} {one.address}: {one.message}" for one in own if one.outcome is Outcome.FAILED),
        faults=faults,
    )
