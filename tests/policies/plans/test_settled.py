"""A plan of what exists already is judged as its stack is: what belongs together is still told by reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from policies.plan import plan_view
from tests.policies.support import PROVIDER, Json, judged, stack, text

if TYPE_CHECKING:
    from policies.scan.engine import Engine

BUCKET = "${aws_s3_bucket.b.id}"
RETENTION = {"default_retention": {"mode": "COMPLIANCE", "days": 30}}
WRITTEN = {
    "aws_s3_bucket": {"b": {"bucket": "acme-dev-x", "object_lock_enabled": True}},
    "aws_s3_bucket_object_lock_configuration": {"b": {"bucket": BUCKET, "rule": [RETENTION]}},
    "aws_s3_bucket_policy": {"b": {"bucket": BUCKET, "policy": "{}"}},
    "aws_sagemaker_workforce": {
        "b": {"workforce_name": "acme", "source_ip_config": {"cidrs": ["${aws_eip.e.public_ip}", "10.0.0.0/8"]}}
    },
}
# What Terraform says of them once they exist: every value is known, and sets are in its own order.
AFTER = {
    "aws_s3_bucket": {"bucket": "acme-dev-x", "id": "acme-dev-x", "object_lock_enabled": True},
    "aws_s3_bucket_object_lock_configuration": {"bucket": "acme-dev-x", "rule": [RETENTION]},
    "aws_s3_bucket_policy": {"bucket": "acme-dev-x", "policy": "{}"},
    "aws_sagemaker_workforce": {
        "workforce_name": "acme",
        "source_ip_config": [{"cidrs": ["0.0.0.0/0", "203.0.113.7"]}],
    },
}


@pytest.fixture(scope="module", name="settled")
def _settled() -> bytes:
    changes = [_planned(type_, "b", after) for type_, after in AFTER.items()]
    return text({"version": 1, "stack": text(stack(WRITTEN)).decode(), "changes": changes})


def _planned(type_: str, name: str, after: Json) -> Json:
    return {
        "address": f"{type_}.{name}",
        "type": type_,
        "name": name,
        "actions": ["no-op"],
        "after": after,
        "unknown": {},
    }


@pytest.mark.parametrize("policy", ["CKV_MLGOV_4", "CKV2_MLGOV_1"])
def test_companions_are_found_in_a_later_plan(engine: Engine, settled: bytes, policy: str) -> None:
    """Lock and policy of a bucket are its own, although the plan knows the bucket by name."""
    expected = {"passed": {"aws_s3_bucket.b"}}
    assert judged(engine.scan(text(stack(WRITTEN))), policy) == expected
    assert judged(engine.scan(settled, "plan"), policy) == expected


def test_no_value_of_a_list_hides_behind_a_reference(engine: Engine, settled: bytes) -> None:
    """What a plan says of a list is judged as it is: its order need not be that of the stack."""
    assert judged(engine.scan(settled, "plan"), "CKV_MLGOV_166") == {"failed": {"aws_sagemaker_workforce.b"}}


def test_a_reference_outlives_the_value_that_a_plan_knows() -> None:
    """Of what exists the plan knows every id, and a policy over two resources still finds which belong together."""
    written = {
        "aws_s3_bucket": {"b": {"bucket": "${local.name}"}},
        "aws_s3_bucket_policy": {"p": {"bucket": "${aws_s3_bucket.b.id}", "policy": "for ${aws_s3_bucket.b.arn}"}},
    }
    after = {"bucket": "acme-b", "policy": "for arn:aws:s3:::acme-b"}
    changes = [_planned("aws_s3_bucket", "b", {"bucket": "acme-b"}), _planned("aws_s3_bucket_policy", "p", after)]
    source = text({"resource": written}).decode()
    assert plan_view(text({"version": 1, "stack": source, "changes": changes})).document["resource"] == {
        "aws_s3_bucket": {"b": {"bucket": "acme-b"}},
        "aws_s3_bucket_policy": {"p": {**after, "bucket": "${aws_s3_bucket.b.id}"}},
    }


def test_the_own_account_is_told_by_the_expression_of_the_provider(engine: Engine) -> None:
    """A plan knows the id that a grant names and not the one that the provider has: the same words are the same."""
    ids = "${data.terraform_remote_state.organization.outputs.account_ids"
    provider = {**PROVIDER, "allowed_account_ids": [f"{ids}.own}}"]}
    grant = {"principal": "arn:aws:iam::222222222222:role/r", "permissions": ["DESCRIBE"]}
    written = {name: {**grant, "database": {"name": "x", "catalog_id": f"{ids}.{name}}}"}} for name in ("own", "other")}
    type_ = "aws_lakeformation_permissions"
    changes = [
        _planned(type_, name, {**grant, "database": [{"name": "x", "catalog_id": id_}]})
        for name, id_ in (("own", "111111111111"), ("other", "222222222222"))
    ]
    source = text(stack({type_: written}, provider=provider)).decode()
    plan = engine.scan(text({"version": 1, "stack": source, "changes": changes}), "plan")
    assert judged(plan, "CKV_MLGOV_245") == {"passed": {f"{type_}.own"}, "failed": {f"{type_}.other"}}
