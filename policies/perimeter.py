"""Whom a resource policy lets in: how policies tell the organisation from everybody else.

Follows AWS's data perimeter: identities are bounded by organisation, account or name, services by whom they act for.
"""

from __future__ import annotations

import re

from policies.document import StackDocument
from policies.iam import Statement

ACCOUNT = re.compile(r"^(?:arn:[^:]*(?:\$\{[^}]*\})?[^:]*:iam::)?(\$\{[^}]+\}|\d{12})(?::.*)?$")
# Keys that say of whom a caller is. Networks (aws:SourceVpc and the like) say whence it calls, which is no identity.
CALLERS = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn")
MEMBERS = ("aws:principalorgid", "aws:principalorgpaths")
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
    """What lets in somebody who may be of another organisation; None where the statement does not."""
    if not statement.allows:
        return None
    principals = statement.principals("AWS")
    if "*" in principals:
        if statement.narrowed_by(*CALLERS):
            return None
        return f"statement {statement.sid} allows every principal without a condition on organisation or account"
    foreign = [principal for principal in principals if account_of(principal) not in own]
    if foreign and not statement.narrowed_by(*MEMBERS):
        return f"statement {statement.sid} allows {', '.join(foreign)} without a condition on aws:PrincipalOrgID"
    return None


def deputy(statement: Statement) -> str | None:
    """What lets in a service on anybody's behalf; None where the statement does not."""
    services = statement.principals("Service") if statement.allows else ()
    if services in ((), ("*",)) or statement.narrowed_by(*SENDERS):
        return None  # everybody ("*") is for `outsider` to judge
    who = ", ".join(services)
    return f"statement {statement.sid} allows {who} without a condition on aws:SourceAccount, SourceArn or SourceOrgID"
