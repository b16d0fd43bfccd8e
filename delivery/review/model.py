"""What a review says, and the JSON that `mlgov review --format json` prints. Other tools may read it: version 1.

Sorted, and without time or place: the same plans under the same limits give the same bytes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from environments.vocabulary import Tier
from modules.core.settings import Strict


class ChangeClass(StrEnum):
    """What a change means to who runs the platform. `limits.yaml` says how bad each is, and what to do."""

    NO_OP = "no-op"
    SAFE = "safe"
    MOVED = "moved"
    IMPORTED = "imported"
    FORGOTTEN = "forgotten"
    NEW_ACCESS = "new-access"
    NARROWING = "access-narrowing"
    REMOVAL = "removal"
    REPLACEMENT = "replacement"
    MONITORING = "monitoring-weakening"
    OUTAGE = "access-outage"
    ENDPOINT = "endpoint-replaced"
    WIDENING = "access-widening"
    GUARDRAIL = "guardrail-weakening"
    DATA_LOSS = "data-loss"


Severity = Literal["none", "low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("none", "low", "medium", "high", "critical")
# passes: shown, no more. accepted: it needed a name, and was named. needs-acceptance, never: the review does not pass.
Decision = Literal["passes", "accepted", "needs-acceptance", "never"]
# unchanged: its plan changes nothing. unplanned: there is no plan of its present bytes.
Status = Literal["reviewed", "unchanged", "unplanned"]


class Reason(Strict):
    """Why a change is of a class: a sentence, and the attribute (path as `rule.0.days`) where one decides."""

    kind: ChangeClass
    text: str
    attribute: str = ""


class AttributeChange(Strict):
    """An attribute that changes. Values are short texts; None where there is none, or Terraform calls it sensitive."""

    path: str
    before: str | None = None
    after: str | None = None


class Judged(Strict):
    """A class of a change, and what the tier's limits say to it."""

    kind: ChangeClass
    severity: Severity
    reasons: tuple[Reason, ...]
    decision: Decision


class ReviewedChange(Strict):
    """What a plan does to one resource. `classes` are the worst first; `actions` are Terraform's.

    `attributes` are the first that change, `more_attributes` how many others do.
    """

    address: str
    type: str
    actions: tuple[str, ...]
    classes: tuple[Judged, ...]
    attributes: tuple[AttributeChange, ...] = ()
    more_attributes: int = 0
    previous_address: str = ""

    @property
    def worst(self) -> Judged:
        """The class that counts."""
        return self.classes[0]


class Counts(Strict):
    """Resources by what is done to them. A replacement counts once, as such; `others` are moved or forgotten."""

    add: int = 0
    change: int = 0
    destroy: int = 0
    replace: int = 0
    others: int = 0
    unchanged: int = 0


class PolicyResult(Strict):
    """What the gate's policies say of the plan: findings that are not met, as `policy address: message`, and faults."""

    met: int = 0
    waived: int = 0
    not_met: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the plan holds every policy."""
        return not self.not_met and not self.faults


class StackReview(Strict):
    """One stack. `changes` are all but no-ops, the worst first; `downstream` are stacks that read what it publishes.

    `waits_for` are stacks whose outputs it needs and that this review changes, too: they are applied before it.
    """

    id: str
    account: str
    environment: str
    region: str
    tier: Tier
    owner: str
    status: Status
    counts: Counts = Counts()
    changes: tuple[ReviewedChange, ...] = ()
    policies: PolicyResult | None = None
    downstream: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()

    @property
    def stopped(self) -> tuple[tuple[ReviewedChange, Judged], ...]:
        """The changes that do not pass, each with the class that keeps it."""
        return tuple(
            (change, judged)
            for change in self.changes
            for judged in change.classes
            if judged.decision in ("needs-acceptance", "never")
        )

    @property
    def passed(self) -> bool:
        """Whether it may be applied: planned, within the limits, and every policy held."""
        return self.status != "unplanned" and not self.stopped and (self.policies is None or self.policies.passed)


class Review(Strict):
    """All stacks, those that do not pass first, then by their worst change and id."""

    version: Literal[1] = 1
    organization: str
    passed: bool
    stacks: tuple[StackReview, ...]
