"""What a tier lets pass, what needs a name, what never passes; told without a secret, and within a comment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from delivery.review import markdown, text
from delivery.review.judge import newly_waived, review
from delivery.review.limits import limits, parse
from delivery.review.model import ChangeClass, Review
from delivery.review.sources import Planned
from environments.manifest import Manifest, StackEntry
from modules.core.errors import ConfigError
from policies.record import GateFault, Outcome, StackFile
from policies.report.markdown_text import LIMIT
from tests.support.planned import change, planned
from tests.support.stacks import ORGANIZATION
from tests.support.verdicts import finding, verdict

ENTRY = StackEntry(
    id="a", stack="baseline", module="foundations", account="management", environment="org", region="eu-west-1",
    tier="foundation", owner="platform@acme.example", path="stacks/a/cdk.tf.json", state_bucket="b", state_key="k",
    depends_on=(), resources=1, sha256="0" * 64,
)  # fmt: skip
READER = ENTRY.model_copy(update={"id": "b", "depends_on": ("a",)})
FILE = StackFile("a", Path("a.json"), "0" * 64, "plan")
DETACHED = change("aws_iam_role_policy_attachment", actions=["delete"], before={"role": "r"})
ENDPOINT = change("aws_sagemaker_endpoint", actions=["delete", "create"], before={"name": "e"}, after={"name": "e"})
CREATED = change("aws_sqs_queue", "q", actions=["create"], after={"name": "q"})
OUTAGE = "access-outage:a:aws_iam_role_policy_attachment.x"


def _review(
    changes: Sequence[dict[str, Any]], *, tier: str = "foundation", accepted: Sequence[str] = (), **more: Any
) -> Review:
    entry = ENTRY.model_copy(update={"tier": tier})
    manifest = Manifest(organization=ORGANIZATION, stacks=(entry, READER))
    one = Planned(entry, "reviewed", planned(changes), more.pop("file", None))
    return review(manifest, [one], policies=more.pop("policies", None), accepted=accepted, **more)


def test_what_needs_a_name_passes_when_it_has_one() -> None:
    """A grant that goes stops the review of a foundation stack until exactly it is named."""
    stopped = _review([DETACHED, CREATED])
    assert not stopped.passed
    assert [change.address for change, _ in stopped.stacks[0].stopped] == ["aws_iam_role_policy_attachment.x"]
    named = _review([DETACHED, CREATED], accepted=[OUTAGE])
    assert named.passed
    assert named.stacks[0].changes[0].worst.decision == "accepted"


def test_the_tier_decides() -> None:
    """The same change passes in a development account, and needs a name in production."""
    assert _review([DETACHED], tier="non-production").passed
    assert not _review([DETACHED], tier="production").passed


def test_what_never_passes_cannot_be_named() -> None:
    """An endpoint of production is rolled: to accept its replacement is an error, not a way."""
    assert _review([ENDPOINT], tier="production").stacks[0].changes[0].worst.decision == "never"
    with pytest.raises(ConfigError, match="nobody accept it"):
        _review([ENDPOINT], tier="production", accepted=["endpoint-replaced:a:aws_sagemaker_endpoint.x"])


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("access-outage:a:aws_iam_role.other", "no plan of this review needs it"),
        ("access-outage:c:aws_iam_role_policy_attachment.x", "there is no stack c"),
        ("data-loss:a:aws_iam_role_policy_attachment.x", "no plan of this review needs it"),
        ("outage:a:x", "CLASS:STACK:ADDRESS"),
        ("access-outage:a", "CLASS:STACK:ADDRESS"),
    ],
)
def test_an_acceptance_that_nothing_needs_is_an_error(named: str, told: str) -> None:
    """Left in a pipeline it would let pass the next thing of that name."""
    with pytest.raises(ConfigError, match=told):
        _review([DETACHED], accepted=[OUTAGE, named])


def test_an_acceptance_of_another_wave_is_left_alone() -> None:
    """One file of acceptances serves all waves: what is of a stack that is not reviewed here is not judged here."""
    assert _review([DETACHED], accepted=[OUTAGE, "data-loss:b:aws_s3_bucket.x"]).passed


def test_nothing_to_review_is_an_error() -> None:
    """An empty input is no plan that passed."""
    with pytest.raises(ConfigError, match="no plan to review"):
        review(Manifest(organization=ORGANIZATION, stacks=(ENTRY,)), [], policies=None)


def test_a_stack_without_a_plan_does_not_pass() -> None:
    """What waits for producers, or was not planned, is told as such."""
    found = review(Manifest(organization=ORGANIZATION, stacks=(ENTRY,)), [Planned(ENTRY, "unplanned")], policies=None)
    assert not found.passed
    assert "no plan of its present bytes" in markdown.render(found)


def test_a_policy_that_the_plan_does_not_meet_stops_it() -> None:
    """Findings, faults of the run, and a gate that was not asked about this stack: none of them passes."""
    failed = verdict(finding("logs"), finding("open", Outcome.PASSED))
    assert not _review([CREATED], file=FILE, policies=failed).passed
    assert _review([CREATED], file=FILE, policies=verdict(finding("open", Outcome.PASSED))).passed
    broken = failed.model_copy(update={"findings": (), "faults": (GateFault(kind="not-scanned", message="m"),)})
    assert not _review([CREATED], file=FILE, policies=broken).passed
    unasked = failed.model_copy(update={"findings": (), "stacks": {}})
    assert not _review([CREATED], file=FILE, policies=unasked).passed


def test_a_policy_that_is_waived_newly_weakens_a_guardrail() -> None:
    """What was waived before is no news; what is since, counts, also where the plan changes nothing of it."""
    was, came = finding("logs", Outcome.WAIVED), finding("state", Outcome.WAIVED)
    waived = newly_waived(verdict(was), verdict(was, came, finding("open", Outcome.PASSED)))
    assert waived == [came]
    found = _review([CREATED], waived=waived)
    assert [(change.address, judged.kind) for change, judged in found.stacks[0].stopped] == [
        ("aws_s3_bucket.state", ChangeClass.GUARDRAIL)
    ]
    assert _review([CREATED], waived=waived, accepted=["guardrail-weakening:a:aws_s3_bucket.state"]).passed


def test_what_a_failed_replacement_left_is_judged_with_its_successor() -> None:
    """Two objects of one address, of which one stays and a deposed one goes: the worse of both counts."""
    stays = change("aws_s3_bucket", actions=["no-op"], before={"bucket": "b"}, after={"bucket": "b"})
    deposed = change("aws_s3_bucket", actions=["delete"], before={"bucket": "b"})
    for order in ([stays, deposed], [deposed, stays]):
        assert _review(order).stacks[0].changes[0].worst.kind is ChangeClass.DATA_LOSS


def test_it_says_who_reads_a_stack_and_what_is_applied_before_it() -> None:
    """Stacks downstream are told, and of two that change, which waits for which."""
    manifest = Manifest(organization=ORGANIZATION, stacks=(ENTRY, READER))
    both = [Planned(entry, "reviewed", planned([CREATED])) for entry in (ENTRY, READER)]
    found = {stack.id: stack for stack in review(manifest, both, policies=None).stacks}
    assert (found["a"].downstream, found["b"].waits_for) == (("b",), ("a",))


def test_the_comment_fits_whatever_the_plans_hold() -> None:
    """Hundreds of stopped changes with hostile texts stay below GitHub's limit, and the worst stands first."""
    hostile = "</details> @everyone `|` <img src=x>" + "x" * 500
    many = [
        change("aws_iam_role_policy_attachment", f"x{number}", actions=["delete"], before={"role": hostile})
        for number in range(600)
    ]
    lost = change("aws_s3_bucket", actions=["delete"], before={"bucket": hostile})
    updated = change("aws_lambda_function", before={"memory_size": 1, "role": hostile}, after={"role": "r" * 900})
    page = markdown.render(_review([*many, updated, lost]))
    assert len(page.encode()) < LIMIT
    assert "STOPPED" in page.splitlines()[0]
    assert page.index("data-loss") < page.index("access-outage")
    assert "@everyone" not in page.replace("`", "").split("### Changes")[0]


def test_no_secret_is_told() -> None:
    """What Terraform marks as sensitive, before or after, stands in no form of the review; that it changes does."""
    secret = "correct horse battery staple"
    changed = change(
        "aws_db_instance",
        before={"password": secret, "port": 1, "user_data": secret},
        after={"password": "x", "port": 2, "user_data": "y"},
        before_sensitive={"password": True},
        after_sensitive={"user_data": True},
    )
    found = _review([changed])
    for page in (markdown.render(found), text.render(found), found.model_dump_json()):
        assert secret not in page
    assert {one.path: (one.before, one.after) for one in found.stacks[0].changes[0].attributes} == {"port": ("1", "2")}


def test_the_json_is_read_back_as_it_was_written() -> None:
    """Other tools may rely on the model."""
    found = _review([DETACHED, CREATED])
    assert Review.model_validate_json(found.model_dump_json()) == found
    assert json.loads(found.model_dump_json())["stacks"][0]["changes"][0]["classes"][0]["kind"] == "access-outage"


def test_the_text_says_how_to_accept() -> None:
    """What a person copies from it is what the option takes."""
    assert f"--accept '{OUTAGE}'" in text.render(_review([DETACHED]))


@pytest.mark.parametrize("fault", ["class", "tier", "order"])
def test_limits_that_leave_something_open_are_refused(fault: str) -> None:
    """A class or a tier without a limit, or a milder class behind a worse one, is no table to judge by."""
    content = {kind.value: limits().of(kind).model_dump() for kind in sorted(ChangeClass, key=limits().rank)}
    assert parse(content)
    if fault == "class":
        del content["data-loss"]
    elif fault == "tier":
        del content["data-loss"]["limits"]["production"]
    else:
        content["safe"] = content.pop("safe")
    with pytest.raises(ValidationError):
        parse(content)
