"""Policies over KMS keys: each passes or fails exactly the addresses meant."""

from __future__ import annotations

from tests.policies.conftest import Scanner
from tests.policies.support import ACCOUNT, OTHER, Json, judged, policy, stack

OWN = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}


def test_keys_wait_before_deletion(scan: Scanner) -> None:
    """A window of 14 days or more must be written, whatever the key is for."""
    good: dict[str, Json] = {
        "plain": {"deletion_window_in_days": 14},
        "asymmetric": {"customer_master_key_spec": "RSA_4096", "deletion_window_in_days": 30},
    }
    bad: dict[str, Json] = {
        "short": {"deletion_window_in_days": 13},
        "no_window": {"enable_key_rotation": True},
        "window_unknown": {"deletion_window_in_days": "${data.x.y.days}"},
    }
    assert judged(scan(stack({"aws_kms_key": good | bad})), "CKV_MLGOV_2") == {
        "passed": {f"aws_kms_key.{name}" for name in good},
        "failed": {f"aws_kms_key.{name}" for name in bad},
    }


def test_key_policies_are_explicit_and_closed(scan: Scanner) -> None:
    """Who is not of the key's account passes only under a condition on an account, an organisation or a caller."""
    good: dict[str, list[Json]] = {
        "own": [OWN],
        "caller_account": [OWN, OPEN | {"Condition": {"StringEquals": {"kms:CallerAccount": ACCOUNT}}}],
        "deny": [OWN, OPEN | {"Effect": "Deny"}],
    }
    bad: dict[str, list[Json]] = {
        "open": [OWN, OPEN],
        "foreign": [OWN, OPEN | {"Principal": {"AWS": OTHER}}],
        "aws_star": [OPEN | {"Principal": {"AWS": ["*"]}}],
        "other_condition": [OPEN | {"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}],
        "star_value": [OPEN | {"Condition": {"StringLike": {"aws:PrincipalOrgID": "*"}}}],
        "if_exists": [OPEN | {"Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}}],
        "negated": [OPEN | {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}],
        "not_principal": [{"Effect": "Allow", "NotPrincipal": {"AWS": OTHER}, "Action": "kms:*", "Resource": "*"}],
    }
    bodies = {name: {"policy": policy(*found)} for name, found in (good | bad).items()} | {
        "absent": {"description": "x"}
    }
    assert judged(scan(stack({"aws_kms_key": bodies})), "CKV_MLGOV_3") == {
        "passed": {f"aws_kms_key.{name}" for name in good},
        "failed": {f"aws_kms_key.{name}" for name in [*bad, "absent"]},
    }
