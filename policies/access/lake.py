"""Lake Formation: its grants decide on data of the Glue catalogue, and IAM must let the principal ask for that data.

A question names a permission as an action: `lakeformation:SELECT` on the ARN of a table or database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policies.access.decide import Decision, Outcome, decide
from policies.access.glob import meet
from policies.access.model import Access, Grant, Principal
from policies.access.rules import Rule

# The permissions of the API of Lake Formation. IAM has actions of none of these names.
PERMISSIONS = frozenset(
    {
        "all",
        "alter",
        "associate",
        "create_database",
        "create_lf_tag",
        "create_table",
        "data_location_access",
        "delete",
        "drop",
        "grant_with_lf_tag_expression",
        "insert",
        "select",
        "super",
    }
)
_EVERYONE = "IAM_ALLOWED_PRINCIPALS"  # Lake Formation leaves it to IAM
_DATA = "lakeformation:getdataaccess"


def is_permission(action: str) -> bool:
    """Whether the action (lower case) is a permission of Lake Formation rather than one of IAM."""
    service, _, name = action.partition(":")
    return service == "lakeformation" and name in PERMISSIONS


def decisions(access: Access, principal: Principal, action: str, resource: str) -> Iterator[tuple[str, Decision]]:
    """On each granted ARN that the pattern meets; on the pattern itself a denial, where nothing is granted."""
    permission = action.partition(":")[2]
    granted = [
        (arn, grant)
        for grant in access.grants
        if {permission, "all", "super"} & set(grant.permissions) and _is_for(grant, principal)
        for arn in grant.arns
        if meet(arn, resource)
    ]
    for arn, grant in granted:
        iam = decide(principal, _DATA, "*")
        rule = Rule(True, (action,), grant.arns, sid=permission.upper(), document="grant", source=grant.source)
        ways = tuple(replace(way, rules=(rule, *way.rules)) for way in iam.ways)
        yield arn, replace(iam, ways=ways, because=f"{_DATA}: {iam.because}" if iam.because else "")
    if not granted:
        yield resource, Decision(Outcome.DENIED, because="Lake Formation grants it nothing")


def _is_for(grant: Grant, principal: Principal) -> bool:
    if grant.principal == _EVERYONE:
        return grant.account == principal.account
    return grant.principal == principal.account or (
        grant.principal.startswith("arn:") and meet(grant.principal, principal.arn)
    )
