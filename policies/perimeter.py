"""Whom a resource policy lets in: how policies tell the organisation from everybody else.

Follows AWS's data perimeter: identities are bounded by organisation, account or name, services by whom they act for.
"""

from __future__ import annotations

import re

from policies.document import StackDocument
from policies.iam import Statement

ACCOUNT = re.compile(r"^(?:arn:[^:]*(?:\$\{[^}]*\})?[^:]*:iam::)?(\$\{[^}]+\}|\d{12})(?::.*)?$")
# A role or user that the stack makes is of its account.
MADE_HERE = re.compile(r"^\$\{aws_iam_(role|user)\.[\w-]+(\[[^\]]+\])?\.(arn|unique_id)\}$")
# Keys that say of whom a caller is. Networks (aws:SourceVpc and the like) say whence it calls, which is no identity.
MEMBERS = ("aws:principalorgid", "aws:principalorgpaths")
CALLERS = ("aws:principalaccount", "aws:principalarn")
# Keys that say for whose resource a service calls: without one it may be a stranger's (the confused deputy).
SENDERS = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")


def own_accounts(stack: StackDocument) -> frozenset[str]:
    """The accounts that the stack's providers may touch, as written."""
    return frozenset(str(account) for one in stack.providers("aws") for account in one.values("allowed_account_ids"))


def account_of(principal: str) -> str | None:
    """The account of an IAM principal, as written; None where it cannot be told."""
    found = ACCOUNT.match(principal)
    return found[1] if found else None


def outsider(statement: Statement, own: frozenset[str]) -> str | None:
    """What lets in somebody who may be of another organisation; None where the statement does not.

    Who is of an account in `own` is of the organisation; everybody else is when a condition says so.
    """
    principals = (*statement.principals("AWS"), *statement.principals("CanonicalUser")) if statement.allows else ()
    foreign = sorted({one for one in principals if account_of(one) not in own and not MADE_HERE.match(one)})
    if not foreign or statement.narrowed_by(*MEMBERS) or _of(own, statement):
        return None
    who = "every principal" if "*" in foreign else ", ".join(foreign)
    return f"statement {statement.sid} allows {who} without a condition on aws:PrincipalOrgID"


def _of(own: frozenset[str], statement: Statement) -> bool:
    """Whether a condition admits callers of the accounts alone."""
    return any(
        test.narrows and test.key in CALLERS and all(account_of(value) in own for value in test.values)
        for test in statement.conditions
    )


def deputy(statement: Statement) -> str | None:
    """What lets in a service on anybody's behalf; None where the statement does not."""
    services = statement.principals("Service") if statement.allows else ()
    if services in ((), ("*",)) or statement.narrowed_by(*SENDERS):
        return None  # everybody ("*") is for `outsider` to judge
    who = ", ".join(services)
    return f"statement {statement.sid} allows {who} without a condition on aws:SourceAccount, SourceArn or SourceOrgID"
