"""The review of plans: every change by its classes, held to the limits of the stack's tier."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

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
from environments.manifest import Manifest
from environments.vocabulary import Tier
from modules.core.errors import ConfigError
from policies.plan import PlanDocument, PlannedChange
from policies.record import Outcome
from policies.verdict import Verdict

OPTION = "--accept"


class Acceptances:
    """What somebody has named as meant: `CLASS:STACK:ADDRESS`. Each must be needed."""

    def __init__(self, named: Iterable[str]) -> None:
        """Raises ConfigError for one that is not of that form."""
        self._left = set(named)
        self._all = frozenset(self._left)
        for name in self._left:
            kind, _, rest = name.partition(":")
            stack, _, address = rest.partition(":")
            if not (stack and address) or kind not in set(ChangeClass):
                raise ConfigError(
                    f"{OPTION} {name}: write it as CLASS:STACK:ADDRESS, as the review shows it; classes are "
                    f"{', '.join(ChangeClass)}"
                )

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
    within: Limits | None = None,
) -> Review:
    """Every plan judged. `policies` is the gate's verdict over the plans that change something.

    Raises ConfigError for an empty input, and for an acceptance that is malformed or not needed.
    """
    if not planned:
        raise ConfigError("there is no plan to review: run `mlgov plan`, or name files of `terraform show -json`")
    named, judge = Acceptances(accepted), within or limits()
    changing = {one.entry.id for one in planned if one.status != "unchanged"}
    stacks = [_stack(manifest, one, policies, named, judge, changing) for one in planned]
    named.refuse_unused()
    stacks.sort(key=lambda stack: (stack.passed, -_worst(stack, judge), stack.id))
    return Review(
        organization=manifest.organization.name, passed=all(stack.passed for stack in stacks), stacks=tuple(stacks)
    )


def _worst(stack: StackReview, judge: Limits) -> int:
    return max((judge.rank(change.worst.kind) for change in stack.changes), default=-1)


def _stack(
    manifest: Manifest,
    one: Planned,
    policies: Verdict | None,
    named: Acceptances,
    judge: Limits,
    changing: set[str],
) -> StackReview:
    entry = one.entry
    changes, unchanged = _changes(one.document, entry.id, entry.tier, named, judge) if one.document else ([], 0)
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
    document: PlanDocument, stack: str, tier: Tier, named: Acceptances, judge: Limits
) -> tuple[list[ReviewedChange], int]:
    """The changes that are not no-ops, the worst first, and how many are."""
    around = Surroundings.of(document.changes, json.loads(document.stack))
    found = [_change(change, classify(change, around), stack, tier, named, judge) for change in document.changes]
    told = [one for one in found if one.worst.kind is not ChangeClass.NO_OP]
    told.sort(key=lambda one: (-judge.rank(one.worst.kind), one.address))
    return told, len(found) - len(told)


def _change(
    change: PlannedChange, reasons: Sequence[Reason], stack: str, tier: Tier, named: Acceptances, judge: Limits
) -> ReviewedChange:
    kinds = sorted({reason.kind for reason in reasons}, key=judge.rank, reverse=True)
    new = change.before is None
    attributes, more = ((), 0) if new else paths.shown(paths.values(change.before), paths.planned(change))
    return ReviewedChange(
        address=change.address,
        type=change.type,
        actions=tuple(change.actions),
        classes=tuple(
            Judged(
                kind=kind,
                severity=judge.of(kind).severity,
                reasons=tuple(reason for reason in reasons if reason.kind is kind),
                decision=_decision(judge, kind, stack, tier, change.address, named),
            )
            for kind in kinds
        ),
        attributes=attributes,
        more_attributes=more,
        previous_address=change.previous,
    )


def _decision(judge: Limits, kind: ChangeClass, stack: str, tier: Tier, address: str, named: Acceptances) -> Decision:
    limit = judge.of(kind).limits[tier]
    if limit != "accept":
        return limit
    return "accepted" if named.take(kind, stack, address) else "needs-acceptance"


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
