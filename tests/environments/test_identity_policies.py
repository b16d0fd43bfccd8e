"""Every IAM policy that the stacks render is read as AWS would read it, before AWS does."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from policies.iam import Statement
from tests.support.linting.documents import Kind, PolicyDocument, policy_documents
from tests.support.linting.linter import Meant, faults, lint
from tests.support.organisations import ORGANISATIONS, Synthesised

pytestmark = pytest.mark.e2e  # reads every stack of both organisations
# Faults that the linter finds and that are none. One that is found no more fails.
MEANT = (
    Meant(
        ("management-guardrails",),
        "",
        "The authorisation data calls the key a string; AWS sends true or false, which Bool compares.",
        rule="operator-type",
    ),
    Meant(
        ("*-lake",),
        "RamShares",
        "AWS's guide to sharing a catalogue has the action; its authorisation data does not list it.",
        rule="action-unknown",
    ),
    Meant(
        ("*-consumer*",),
        "Never*UnderAnotherKey",
        "AWS documents each of these keys under two names: a request has one of them, the denial knows both.",
        rule="key-not-taken",
    ),
)
# Statements that allow all actions, or all of a service, on all resources. One that is rendered no more fails.
ACCESS = ("*-access", "management-bootstrap")
WIDE = (
    Meant(ACCESS, "WithinIdentityPolicies", "A boundary grants nothing: it is the most that may be granted."),
    Meant(ACCESS, "PlatformServices", "The apply role manages whatever the stacks declare; four denials bound it."),
)
STATEMENT = re.compile(r'\\*"Statement\\*":')
# Characters that AWS takes (quotas of IAM, KMS, S3 and Identity Center); it does not count white space.
LONGEST = {
    "aws_iam_policy": 6_144,
    "aws_iam_role": 2_048,
    "aws_iam_role_policy": 10_240,
    "aws_kms_key": 32_768,
    "aws_s3_bucket_policy": 20_480,
    "aws_ssoadmin_permission_set_inline_policy": 32_768,
}


@pytest.fixture(scope="module", name="documents")
def _documents(synthesised: Synthesised) -> list[PolicyDocument]:
    return [document for name in ORGANISATIONS for document in policy_documents(name, synthesised(name))]


def test_every_policy_is_found(documents: list[PolicyDocument], synthesised: Synthesised) -> None:
    """The search by shape finds each text of the synthesis in which a statement stands, of every kind."""
    texts = [
        path.read_text(encoding="utf-8") for name in ORGANISATIONS for path in synthesised(name).rglob("*.tf.json")
    ]
    assert len(documents) == sum(len(STATEMENT.findall(text)) for text in texts)
    assert {document.kind for document in documents} >= {"identity", "trust", "resource", "scp", "rcp"}


def test_no_policy_has_a_fault(documents: list[PolicyDocument]) -> None:
    """Grammar, actions, condition keys, operators and resources are those of AWS, apart from what is meant."""
    found = lint(document for document in documents if document.kind != "data-protection")
    covered = {
        fault: meant for fault in found for meant in MEANT if meant.covers(fault.document, fault.sid, fault.rule)
    }
    assert [str(fault) for fault in found if fault not in covered] == []
    assert [meant for meant in MEANT if meant not in covered.values()] == [], "found no more: remove it from MEANT"


def test_nothing_is_allowed_everything(documents: list[PolicyDocument]) -> None:
    """No identity policy allows all actions, or all of a service, on all resources outside the named list."""
    wide = [
        (document, statement)
        for document in documents
        if document.kind == "identity"
        for statement in document.statements
        if _is_wide(statement)
    ]
    unnamed = [
        f"{document} {statement.sid}"
        for document, statement in wide
        if not any(meant.covers(document, statement.sid) for meant in WIDE)
    ]
    assert unnamed == []
    unused = [meant for meant in WIDE if not any(meant.covers(document, statement.sid) for document, statement in wide)]
    assert unused == [], "rendered no more: remove it from WIDE"


def test_no_resource_lets_everyone_in(documents: list[PolicyDocument]) -> None:
    """A policy that allows every principal asks for something that excludes callers, or, of an endpoint, for resources.

    An endpoint's policy names no principal but everyone, and bounds what can be reached through it.
    """
    open_ = [
        f"{document} {statement.sid}"
        for document in documents
        if document.kind in ("resource", "trust", "endpoint")
        for statement in document.statements
        if statement.allows
        and "*" in statement.principals("AWS")
        and not any(condition.narrows for condition in statement.conditions)
        and not (document.kind == "endpoint" and "*" not in statement.resources)
    ]
    assert open_ == []


def test_every_policy_fits(documents: list[PolicyDocument]) -> None:
    """No document is longer than AWS takes, which an apply would learn only then."""
    long = {
        str(document): size
        for document in documents
        if (limit := LONGEST.get(document.address.partition(".")[0]))
        and (size := len(json.dumps(document.readable, separators=(",", ":")).replace(" ", ""))) > limit
    }
    assert long == {}


def _is_wide(statement: Statement) -> bool:
    everything = any(action == "*" or action.endswith(":*") for action in statement.actions)
    everywhere = "*" in statement.resources or "NotResource" in statement.body
    return statement.allows and everything and everywhere and not any(one.narrows for one in statement.conditions)


ALLOW: dict[str, Any] = {"Sid": "One", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
FAULTY: dict[str, tuple[Kind, dict[str, Any]]] = {
    "grammar": ("identity", {**ALLOW, "Principal": "*"}),
    "action-unknown": ("identity", {**ALLOW, "Action": "s3:GetObjec"}),
    "key-unknown": ("identity", {**ALLOW, "Condition": {"StringEquals": {"aws:PrincipalOrg": "o-1"}}}),
    "key-not-taken": ("identity", {**ALLOW, "Condition": {"StringEquals": {"s3:prefix": "a"}}}),
    "operator-unknown": ("identity", {**ALLOW, "Condition": {"StringEqual": {"aws:PrincipalOrgID": "o-1"}}}),
    "operator-type": ("identity", {**ALLOW, "Condition": {"Bool": {"aws:PrincipalOrgID": "true"}}}),
    "operator-set": ("identity", {**ALLOW, "Condition": {"StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}}),
    "resource-misfit": ("identity", {**ALLOW, "Resource": "arn:aws:s3:::b"}),
}


def test_the_linter_finds_a_fault_of_each_rule() -> None:
    """One fault of each rule in a policy that is sound without it is found, and nothing in the sound one."""
    answers = faults([("identity", _policy(ALLOW)), *((kind, _policy(body)) for kind, body in FAULTY.values())])
    assert [{fault["rule"] for fault in found} for found in answers] == [set(), *({rule} for rule in FAULTY)]


def _policy(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}
