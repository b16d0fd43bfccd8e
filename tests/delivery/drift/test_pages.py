"""Drift as people read it."""

from __future__ import annotations

from delivery.drift import pages
from delivery.drift.model import Difference
from delivery.review.model import AttributeChange, ChangeClass, Reason
from delivery.run_result import Failure
from policies.report.markdown_text import LIMIT
from tests.support.drifted import FIRST, LATER, result, stack

OPENED = Difference(
    address="aws_iam_role.r",
    type="aws_iam_role",
    kind="noted",
    actions=("update",),
    severity="high",
    reasons=(Reason(kind=ChangeClass.WIDENING, text="inline_policy.0.policy now allows * on *"),),
    attributes=(AttributeChange(path="inline_policy.0.name", after="x"), AttributeChange(path="secret")),
    since=FIRST,
)
QUIET = OPENED.model_copy(update={"severity": "none", "reasons": (), "address": "aws_s3_bucket.quiet"})
FAILED = stack(
    "two",
    state="failed",
    checked="",
    applied="",
    owner="fraud@acme.example",
    failure=Failure(address="", summary="Access denied", detail="no `credentials`", advice="give it some"),
)


def test_the_text_tells_stack_owner_and_what_happened() -> None:
    """Who is told, since which apply, what differs, since when, why it is bad, and that no apply puts it back."""
    text = pages.text(result(stack(drift=[OPENED]), FAILED, stack("three")))
    assert f"one: drifted (foundation, platform@acme.example; last applied {FIRST})" in text
    assert "HIGH aws_iam_role.r: update: inline_policy.0.name - -> x, secret, since " in text
    assert "no apply puts this back" in text
    assert "access-widening: inline_policy.0.policy now allows * on *" in text
    assert "two: failed (foundation, fraud@acme.example; no apply is on record here)" in text
    assert "Access denied" in text
    assert "three" not in text
    assert text.endswith(f"1 drifted, 1 not planned, 1 in sync of 3 stacks of acme (aws), {LATER}\n")


def test_the_comment_names_owners_and_folds_what_nobody_must_act_on() -> None:
    """Drift stands below its owner, failures by themselves; what is harmless and what has ended is folded."""
    page = pages.markdown(result(stack(drift=[OPENED, QUIET], ended=(OPENED,)), FAILED))
    drifted, _, rest = page.partition("### Could not be planned")
    assert "platform@\u200bacme.example: 1 in 1 stack" in drifted
    assert "`one/aws_iam_role.r`" in drifted
    assert "quiet" not in drifted
    assert "Access denied" in rest
    assert "`one/aws_s3_bucket.quiet`" in rest
    assert "Ended since the run before" in rest


def test_the_comment_always_fits() -> None:
    """Thousands of differences of hundreds of owners stay below GitHub's limit, and those left out are counted."""
    many = [OPENED.model_copy(update={"address": f"aws_iam_role.{'r' * 200}{number}"}) for number in range(40)]
    quiet = [each.model_copy(update={"severity": "none", "reasons": ()}) for each in many]
    stacks = [stack(f"s{number}", owner=f"o{number}@acme.example", drift=[*many, *quiet]) for number in range(100)]
    failed = [FAILED.model_copy(update={"id": f"f{number}"}) for number in range(200)]
    page = pages.markdown(result(*stacks, *failed))
    assert LIMIT / 2 < len(page.encode()) < LIMIT
    assert "more, see `last-drift.json`" in page
