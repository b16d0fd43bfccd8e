"""Policies over role trust: each passes, fails or does not apply to exactly the addresses meant."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.conftest import Scanner
from tests.policies.support import ACCOUNT, OTHER, PROVIDER, Json, judged, policy, stack

OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
ISSUER = "token.actions.githubusercontent.com"
LEARNED = "${data.terraform_remote_state.organization.outputs.id}"


def _trust(principal: object, *, action: str = "sts:AssumeRole", condition: Mapping[str, object] | None = None) -> Json:
    statement: Json = {"Effect": "Allow", "Principal": principal, "Action": action}
    return statement | ({"Condition": condition} if condition else {})


def _roles(trusts: Mapping[str, Json]) -> dict[str, Json]:
    return {name: {"name": name, "assume_role_policy": policy(trust)} for name, trust in trusts.items()}


def _addresses(*names: str) -> set[str]:
    return {f"aws_iam_role.{name}" for name in names}


def test_other_accounts_are_trusted_under_a_condition_only(scan: Scanner) -> None:
    """The own account and services pass; a foreign or unknown account needs a condition that excludes callers."""
    foreign = {"AWS": f"arn:aws:iam::{OTHER}:root"}
    good = {
        "service": _trust({"Service": "lambda.amazonaws.com"}),
        "own": _trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"}),
        "own_bare": _trust({"AWS": ACCOUNT}),
        "external_id": _trust(foreign, condition={"StringEquals": {"sts:ExternalId": "x"}}),
        "organisation": _trust(foreign, condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        "caller": _trust(foreign, condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/ci-*"}}),
    }
    bad = {
        "foreign": _trust(foreign),
        "everyone": _trust("*"),
        "everyone_conditioned": _trust({"AWS": "*"}, condition={"StringEquals": {"sts:ExternalId": "x"}}),
        "one_of_two": _trust({"AWS": [ACCOUNT, OTHER]}),
        "unknown": _trust({"AWS": "arn:aws:iam::${var.account}:root"}),
        "user_suffix": _trust({"AWS": f"arn:aws:iam::{OTHER}:user/{ACCOUNT}"}),
        "any_external_id": _trust(foreign, condition={"StringLike": {"sts:ExternalId": "*"}}),
        "mfa_only": _trust(foreign, condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    }
    document = stack({"aws_iam_role": _roles(good | bad) | {"by_reference": {"assume_role_policy": "${local.trust}"}}})
    assert judged(scan(document), "CKV_MLGOV_8") == {
        "passed": _addresses(*good),
        "failed": _addresses(*bad, "by_reference"),
    }


def test_an_account_id_learned_later_is_the_own_one_when_written_alike(scan: Scanner) -> None:
    """Where the provider's account is an expression, the same expression in a principal is the own account."""
    trusts = {
        "same": _trust({"AWS": f"arn:${{local.partition}}:iam::{LEARNED}:root"}),
        "other": _trust({"AWS": "arn:aws:iam::${data.terraform_remote_state.other.outputs.id}:root"}),
    }
    document = stack({"aws_iam_role": _roles(trusts)}, provider=PROVIDER | {"allowed_account_ids": [LEARNED]})
    assert judged(scan(document), "CKV_MLGOV_8") == {"passed": _addresses("same"), "failed": _addresses("other")}


def _web(condition: Mapping[str, object] | None, action: str = "sts:AssumeRoleWithWebIdentity") -> Json:
    return _trust({"Federated": OIDC}, action=action, condition=condition)


def test_web_identities_are_pinned_to_audience_and_owner(scan: Scanner) -> None:
    """Both aud and sub must be pinned, and no wildcard may stand before the owner's name ends."""
    audience = {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"}}
    good = {
        "exact": _web(
            {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "repo:acme/platform:ref:x"}}
        ),
        "owner": _web(audience | {"StringLike": {f"{ISSUER}:sub": "repo:acme/platform:*"}}),
    }
    bad = {
        "no_condition": _web(None),
        "no_sub": _web(audience),
        "no_aud": _web({"StringLike": {f"{ISSUER}:sub": "repo:acme/platform:*"}}),
        "any_sub": _web(audience | {"StringLike": {f"{ISSUER}:sub": "*"}}),
        "any_repository": _web(audience | {"StringLike": {f"{ISSUER}:sub": "repo:*"}}),
        "one_of_two": _web(audience | {"StringLike": {f"{ISSUER}:sub": ["repo:acme/a:*", "repo:*"]}}),
        "unknown": _web(audience | {"StringLike": {f"{ISSUER}:sub": "${var.subject}"}}),
        "if_exists": _web({"StringEqualsIfExists": {f"{ISSUER}:aud": "a", f"{ISSUER}:sub": "repo:acme/a:x"}}),
        "all_of_sts": _web(audience, action="sts:*"),
    }
    other = {"service": _trust({"Service": "lambda.amazonaws.com"})}
    assert judged(scan(stack({"aws_iam_role": _roles(good | bad | other)})), "CKV_MLGOV_9") == {
        "passed": _addresses(*good),
        "failed": _addresses(*bad),
    }
