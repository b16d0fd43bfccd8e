"""Whom a statement of a resource policy names."""

from __future__ import annotations

from policies.access.glob import meet
from policies.access.model import Principal
from policies.access.rules import Rule


def named(principal: Principal, rule: Rule) -> str:
    """How a statement of a resource policy names the principal: `itself`, its `account`, `anyone`, or not: empty."""
    given = rule.principals or {}
    services = given.get("Service", ())
    if principal.kind == "service":
        how = "itself" if principal.arn in services else "anyone" if "*" in given.get("AWS", ()) else ""
    elif principal.kind == "federated":
        how = "itself" if principal.arn in given.get("Federated", ()) else ""
    else:
        how = _of_account(principal, given.get("AWS", ()))
    if rule.but_principals:
        return "" if how in ("itself", "account") else "anyone"
    return how


def _of_account(principal: Principal, given: tuple[str, ...]) -> str:
    if "*" in given:
        return "anyone"
    root = f":iam::{principal.account}:root"
    if any(one != principal.account and not one.endswith(":root") and meet(one, principal.arn) for one in given):
        return "itself"
    return "account" if any(one == principal.account or one.endswith(root) or meet(one, root) for one in given) else ""
