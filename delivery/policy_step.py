"""What a policy step prints, so that Atlantis reads it right: one that passed as passed, and no other.

With `custom_policy_check` Atlantis judges the text. Until 0.38 a step fails when its text holds "fail" in any case;
from 0.39 on when it holds `<n> failure`, begins with FAIL or is empty (runatlantis/atlantis#6019). A step that exits
with another code than 0 is an error, which no approval clears, in all but old releases, which read its text, too. So
what could not be judged both says FAIL and exits 3.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from delivery.review.model import Review
from policies.record import Outcome
from policies.report import markdown
from policies.verdict import Verdict

_WORD = "fail"
_EXIT_GATE = 3


@dataclass(frozen=True, slots=True)
class Step:
    """What a policy step says, and its exit code: 0 for a judgement either way, 3 where there is none."""

    text: str
    exit_code: int


def passed(rules: int, note: str = "") -> Step:
    """Every one of the rules holds. The note is left out when Atlantis would read it as a failure.

    Without a rule nothing was judged, which is not passed.
    """
    if rules < 1:
        return unjudged("no rule was asked")
    said = f", {note}" if note and _WORD not in note.lower() else ""
    return Step(f"ok: {rules} rules, nothing to fix{said}", 0)


def failed(failures: int, rules: int, body: str) -> Step:
    """So many failures; `body` says which, as Markdown. Raises ValueError for none: that would read as passed."""
    if failures < 1:
        raise ValueError(f"{failures} failures are no reason to fail")
    return Step(f"FAIL {failures} failures of {rules} rules\n\n{body}", 0)


def unjudged(reason: str) -> Step:
    """There is no judgement: never passed, and nobody can approve it."""
    return Step(f"FAIL 1 failures: this could not be judged\n\n{reason}", _EXIT_GATE)


def of_gate(verdict: Verdict, stack_id: str) -> Step:
    """What the gate's verdict over all stacks says of one. A fault of the whole run is one of each stack."""
    stack = verdict.stacks.get(stack_id)
    if stack is None:
        return unjudged(f"the gate has no verdict over {stack_id}")
    if faults := [fault for fault in verdict.faults if fault.stack in (None, stack_id)]:
        return unjudged("\n".join(f"- {fault}" for fault in faults))
    own = [finding for finding in verdict.findings if finding.stack == stack_id]
    outcomes = Counter(finding.outcome for finding in own)
    rules = len({finding.policy for finding in own})
    if stack.passed and not outcomes[Outcome.FAILED]:
        waived = f"{outcomes[Outcome.WAIVED]} waived until {stack.valid_until}" if outcomes[Outcome.WAIVED] else ""
        return passed(rules, waived)
    if not outcomes[Outcome.FAILED]:
        return unjudged("the stack did not pass, and no policy says why")
    alone = verdict.model_copy(
        update={"passed": False, "stacks": {stack_id: stack}, "findings": tuple(own), "unjudged": (), "due": ()}
    )
    return failed(outcomes[Outcome.FAILED], rules, markdown.render(alone))


def of_review(review: Review, page: str) -> Step:
    """What a review of plans says; `page` is its Markdown. A change, and a policy on it, each count as a rule.

    A stack without a plan, and policies that could not judge, are no judgement.
    """
    policies = [stack.policies for stack in review.stacks if stack.policies]
    if any(stack.status == "unplanned" for stack in review.stacks) or any(one.faults for one in policies):
        return unjudged(page)
    failures = sum(len(stack.stopped) for stack in review.stacks) + sum(len(one.not_met) for one in policies)
    changes = sum(len(stack.changes) + stack.counts.unchanged for stack in review.stacks)
    rules = changes + sum(one.met + one.waived + len(one.not_met) for one in policies)
    # A plan that changes nothing was judged, too: by what it leaves alone.
    return failed(failures, rules, page) if failures else passed(max(rules, len(review.stacks)))
