"""A plan tells values; what relates two resources stays as the stack has it."""

from __future__ import annotations

from policies.plan import plan_view
from tests.policies.support import Json, text


def _planned(type_: str, name: str, after: Json) -> Json:
    return {
        "address": f"{type_}.{name}",
        "type": type_,
        "name": name,
        "actions": ["no-op"],
        "after": after,
        "unknown": {},
    }


def test_a_reference_outlives_the_value_that_a_plan_knows() -> None:
    """Of what exists the plan knows every id, and a policy over two resources still finds which belong together."""
    written = {
        "aws_s3_bucket": {"b": {"bucket": "${local.name}"}},
        "aws_s3_bucket_policy": {"p": {"bucket": "${aws_s3_bucket.b.id}", "policy": "for ${aws_s3_bucket.b.arn}"}},
    }
    after = {"bucket": "acme-b", "policy": "for arn:aws:s3:::acme-b"}
    changes = [_planned("aws_s3_bucket", "b", {"bucket": "acme-b"}), _planned("aws_s3_bucket_policy", "p", after)]
    stack = text({"resource": written}).decode()
    assert plan_view(text({"version": 1, "stack": stack, "changes": changes})).document["resource"] == {
        "aws_s3_bucket": {"b": {"bucket": "acme-b"}},
        "aws_s3_bucket_policy": {"p": {**after, "bucket": "${aws_s3_bucket.b.id}"}},
    }
