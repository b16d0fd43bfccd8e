"""Policies over provider, backend, functions and accounts: each passes or fails exactly the addresses meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policies.conftest import Scanner
from tests.policies.support import ACCOUNT, BACKEND, LOG_GROUP, PROVIDER, Json, judged, stack

SOMETHING: dict[str, dict[str, Any]] = {"aws_cloudwatch_log_group": {"g": LOG_GROUP}}
FUNCTION = {
    "function_name": "f",
    "role": "r",
    "kms_key_arn": "k",
    "tracing_config": {"mode": "Active"},
    "dead_letter_config": {"target_arn": "${aws_sqs_queue.q.arn}"},
}


def without(body: Json, key: str) -> Json:
    """The body with one key less."""
    return {name: value for name, value in body.items() if name != key}


def test_each_alias_of_the_provider_is_bound_to_one_account(scan: Scanner) -> None:
    """Account, tags and role are judged for every configuration of the provider, each under its alias."""
    good = {
        "": PROVIDER,
        "learned": PROVIDER | {"allowed_account_ids": ["${data.terraform_remote_state.o.outputs.id}"]},
        "pinned": without(PROVIDER, "assume_role"),
    }
    bad = {
        "no_account": without(PROVIDER, "allowed_account_ids"),
        "two_accounts": PROVIDER | {"allowed_account_ids": [ACCOUNT, "222222222222"]},
        "no_tags": without(PROVIDER, "default_tags"),
        "empty_tags": PROVIDER | {"default_tags": [{"tags": {}}]},
        "roleless": without(PROVIDER, "assume_role") | {"allowed_account_ids": ["${local.id}"]},
    }
    providers = [body | ({"alias": alias} if alias else {}) for alias, body in (good | bad).items()]
    assert judged(scan(stack(SOMETHING, provider=providers)), "CKV_MLGOV_10") == {
        "passed": {"provider.aws", "provider.aws.learned", "provider.aws.pinned"},
        "failed": {f"provider.aws.{alias}" for alias in bad},
    }


def test_state_in_s3_with_lock_and_key_passes(scan: Scanner) -> None:
    """The base stack's backend is what the policy asks for."""
    assert judged(scan(stack(SOMETHING)), "CKV_MLGOV_11") == {"passed": {"terraform.backend.s3"}}


@pytest.mark.parametrize(
    ("backend", "address"),
    [
        ({}, "terraform.backend"),
        ({"local": {"path": "terraform.tfstate"}}, "terraform.backend.local"),
        ({"s3": without(BACKEND, "use_lockfile")}, "terraform.backend.s3"),
        ({"s3": BACKEND | {"encrypt": False}}, "terraform.backend.s3"),
        ({"s3": without(BACKEND, "kms_key_id")}, "terraform.backend.s3"),
    ],
    ids=["absent", "local", "no-lock", "no-encryption", "no-key"],
)
def test_any_other_state_fails(scan: Scanner, backend: dict[str, Json], address: str) -> None:
    """No backend, another backend, or one setting less fails the stack."""
    assert judged(scan(stack(SOMETHING, backend=backend)), "CKV_MLGOV_11") == {"failed": {address}}


def test_functions_are_traced_encrypted_and_lose_nothing(scan: Scanner) -> None:
    """A function passes with all three properties and fails without any one of them."""
    bad = {
        "untraced": without(FUNCTION, "tracing_config"),
        "pass_through": FUNCTION | {"tracing_config": {"mode": "PassThrough"}},
        "no_key": without(FUNCTION, "kms_key_arn"),
        "no_dead_letters": without(FUNCTION, "dead_letter_config"),
    }
    assert judged(scan(stack({"aws_lambda_function": {"pass": FUNCTION, **bad}})), "CKV_MLGOV_12") == {
        "passed": {"aws_lambda_function.pass"},
        "failed": {f"aws_lambda_function.{name}" for name in bad},
    }


def test_terraform_cannot_close_an_account(scan: Scanner) -> None:
    """An account passes when it is protected from destruction and would not be closed by one."""
    kept = {"name": "a", "email": "a@example.com", "lifecycle": {"prevent_destroy": True}}
    bad = {
        "closes": kept | {"close_on_deletion": True},
        "unprotected": without(kept, "lifecycle"),
        "protection_off": kept | {"lifecycle": {"prevent_destroy": False}},
    }
    document = stack({"aws_organizations_account": {"pass": kept, "said": kept | {"close_on_deletion": False}, **bad}})
    assert judged(scan(document), "CKV_MLGOV_13") == {
        "passed": {"aws_organizations_account.pass", "aws_organizations_account.said"},
        "failed": {f"aws_organizations_account.{name}" for name in bad},
    }
