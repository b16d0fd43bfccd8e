"""What a plan tells of drift: what the world did, what the configuration wants, and what is no drift at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from delivery.drift.reading import differences
from modules.core.errors import TerraformError
from tests.support.drifted import seen
from tests.support.planned import change, plan

QUEUE = {"visibility_timeout_seconds": 30, "arn": "arn:aws:sqs:eu-central-1:111111111111:q"}
LONGER = {**QUEUE, "visibility_timeout_seconds": 99}
OPEN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ROLE: dict[str, Any] = {"name": "r", "id": "r", "arn": "arn:aws:iam::111111111111:role/r", "inline_policy": []}
OPENED: dict[str, Any] = {**ROLE, "inline_policy": [{"name": "x", "policy": json.dumps(OPEN)}]}


def test_what_the_next_apply_puts_back_is_drift() -> None:
    """A change in the world that the plan reverses is drift, with what differs, the values and the ARN."""
    happened = change("aws_sqs_queue", before=QUEUE, after=LONGER)
    (found,) = seen([happened], [change("aws_sqs_queue", before=LONGER, after=QUEUE)])
    assert (found.kind, found.counts, found.actions, found.arn) == ("drift", True, ("update",), QUEUE["arn"])
    (attribute,) = found.attributes
    assert (attribute.path, attribute.before, attribute.after) == ("visibility_timeout_seconds", "30", "99")


def test_what_was_deleted_outside_is_drift() -> None:
    """The plan makes it again; of what is gone no attributes are told."""
    gone = change("aws_s3_bucket_public_access_block", actions=["delete"], before={"block_public_acls": True})
    again = change("aws_s3_bucket_public_access_block", actions=["create"], after={"block_public_acls": True})
    (found,) = seen([gone], [again])
    assert (found.kind, found.actions, found.attributes) == ("drift", ("delete",), ())
    assert found.severity == "high"


def test_what_is_not_applied_yet_is_no_drift() -> None:
    """A change of the configuration alone is told as ahead, and counts for nothing."""
    (found,) = seen([], [change("aws_sqs_queue", before=QUEUE, after=LONGER)], of_these_bytes=False)
    assert (found.kind, found.counts) == ("ahead", False)


def test_a_change_of_other_attributes_is_two_things() -> None:
    """What the world did to one attribute and the configuration wants of another are told apart."""
    happened = change("aws_sqs_queue", before={**QUEUE, "tags": {}}, after={**QUEUE, "tags": {"by": "hand"}})
    wanted = change("aws_sqs_queue", before=QUEUE, after=LONGER)
    assert [each.kind for each in seen([happened], [wanted], of_these_bytes=False)] == ["ahead", "noted"]


def test_what_a_stack_reads_can_drift() -> None:
    """A plan that changes something though exactly these bytes were applied is drift: what the stack reads moved."""
    (found,) = seen([], [change("aws_sqs_queue", before=QUEUE, after=LONGER)])
    assert (found.kind, found.counts) == ("drift", True)


def test_what_no_apply_puts_back_counts_when_it_opens_access() -> None:
    """A policy put on a role by hand is nothing that the configuration speaks of, and is told as what it is."""
    (found,) = seen([change("aws_iam_role", before=ROLE, after=OPENED)])
    assert (found.kind, found.counts, found.severity) == ("noted", True, "high")
    assert [reason.kind for reason in found.reasons] == ["access-widening"]


def test_what_shows_a_resource_of_the_same_stack_is_no_drift() -> None:
    """A role shows the policy that its own stack put on it after it was made: known, and of no weight.

    A policy of the stack that allows less, or that is another role's, explains nothing.
    """
    own = change("aws_iam_role_policy", actions=["no-op"], after={"role": "r", "policy": json.dumps(OPEN)})
    (found,) = seen([change("aws_iam_role", before=ROLE, after=OPENED)], [own])
    assert (found.counts, found.reasons) == (False, ())
    less = {**OPEN, "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    for after in ({"role": "r", "policy": json.dumps(less)}, {"role": "other", "policy": json.dumps(OPEN)}):
        other = change("aws_iam_role_policy", actions=["no-op"], after=after)
        (found,) = seen([change("aws_iam_role", before=ROLE, after=OPENED)], [other])
        assert found.counts


def test_what_nobody_did_is_left_out() -> None:
    """A value that is empty in another way, what is computed, a move in the state, and what a plan only reads."""
    empty = change("aws_sqs_queue", "a", before={"policy": None, "tags": {}}, after={"policy": "", "tags": None})
    computed = change("aws_sqs_queue", "b", before={"tags_all": {}}, after={"tags_all": {"a": "b"}})
    moved = change("aws_sqs_queue", "c", actions=["no-op"], before=QUEUE, after=QUEUE, previous_address="d")
    read = {**change("aws_caller_identity", actions=["read"]), "mode": "data"}
    assert seen([empty, computed, moved], [read]) == ()


def test_a_secret_drifts_without_being_told() -> None:
    """A value that Terraform calls sensitive on either side is compared, and never kept."""
    happened = change(
        "aws_ssm_parameter",
        before={"value": "hunter2"},
        after={"value": "hunter3"},
        before_sensitive={"value": True},
        after_sensitive={},
    )
    back = change("aws_ssm_parameter", before={"value": "hunter3"}, after={"value": "hunter2"})
    (found,) = seen([happened], [back])
    assert found.kind == "drift"
    assert "hunter" not in found.model_dump_json()


@pytest.mark.parametrize("fault", [{"format_version": "2.0"}, {"errored": True}, {"complete": False}])
def test_a_plan_that_is_not_whole_says_nothing(fault: dict[str, Any]) -> None:
    """A form that we do not know and a plan with errors are no "no drift"."""
    with pytest.raises(TerraformError, match="stack one"):
        differences("one", {}, plan([], **fault), of_these_bytes=True)
