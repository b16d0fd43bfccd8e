"""Lake Formation: its grants decide on data of the Glue catalogue, and IAM must let the principal ask for that data.

A question names a permission as an action: `lakeformation:SELECT` on the ARN of a table or database. Judged are the
grants, LF-Tags and filters, and whether policies, boundary and guardrails let the principal make the request of its
own. Bucket and key are read by Lake Formation as the role of the location: those are questions of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from policies.access.conditions import Facts
from policies.access.decide import Decision, Outcome, Way, decide
from policies.access.glob import meet, some
from policies.access.model import Access, Grant, Portion, Principal
from policies.access.rules import Rule

_DATA, _TAG = "lakeformation:getdataaccess", "lakeformation:addlftagstoresource"
# The permissions of the API of Lake Formation, and the request of IAM that uses one. IAM has actions of none of these
# names.
_REQUESTS: Mapping[str, str] = {
    "all": _DATA,
    "alter": "glue:updatetable",
    "associate": _TAG,
    "create_catalog": "glue:createcatalog",
    "create_database": "glue:createdatabase",
    "create_lf_tag": "lakeformation:createlftag",
    "create_lf_tag_expression": "lakeformation:createlftagexpression",
    "create_table": "glue:createtable",
    "data_location_access": "glue:createtable",
    "delete": _DATA,
    "describe": "glue:get*",
    "drop": "glue:deletetable",
    "grant_with_lf_tag_expression": "lakeformation:grantpermissions",
    "insert": _DATA,
    "select": _DATA,
    "super": _DATA,
    "super_user": _DATA,
}
_EVERYTHING = ("all", "super", "super_user")
_EVERYONE = "IAM_ALLOWED_PRINCIPALS"  # Lake Formation leaves it to IAM


def is_permission(action: str) -> bool:
    """Whether the action (lower case) is a permission of Lake Formation rather than one of IAM."""
    service, _, name = action.partition(":")
    return service == "lakeformation" and name in _REQUESTS


def decisions(access: Access, principal: Principal, action: str, resource: str) -> Iterator[tuple[str, Decision]]:
    """On each granted ARN that the pattern meets; on the pattern itself a denial, where nothing is granted."""
    permission = action.partition(":")[2]
    granted: dict[str, list[tuple[Grant, Portion]]] = {}
    for grant in access.grants:
        if grant.permission in (permission, *_EVERYTHING) and is_for(grant, principal):
            for portion in portions(access, grant, resource):
                granted.setdefault(portion.arn, []).append((grant, portion))
    if not granted:
        yield resource, Decision(Outcome.DENIED, because="Lake Formation grants it nothing")
        return
    request = _REQUESTS[permission]
    for arn, found in granted.items():
        iam = _asked(principal, request, arn)
        ways = tuple(_both(grant, portion, way) for grant, portion in found for way in iam.ways)
        certain = any(not way.conditions for way in ways)
        outcome = Outcome.ALLOWED if certain else Outcome.CONDITIONAL if ways else Outcome.DENIED
        yield arn, replace(iam, outcome=outcome, ways=ways, because=f"{request}: {iam.because}" if iam.because else "")


def portions(access: Access, grant: Grant, resource: str) -> list[Portion]:
    """What the grant opens of the pattern. What no stack holds counts where it opens nothing else of it."""
    seen = [one for one in grant.portions if not one.unseen and _narrowed(resource, one.arn)]
    return seen or [
        one
        for one in grant.portions
        if one.unseen
        and (pattern := _narrowed(resource, one.arn))
        and some(frozenset({one.arn, pattern}), access.catalogued - {one.arn})
    ]


def may_ask(principal: Principal, grant: Grant, arn: str) -> bool:
    """Whether IAM lets the principal make the request that uses the grant there, perhaps under conditions."""
    return _asked(principal, _REQUESTS.get(grant.permission, _DATA), arn).outcome is not Outcome.DENIED


def _asked(principal: Principal, request: str, arn: str) -> Decision:
    """Lake Formation has no resource-level permissions: of the ARN the region alone counts, where it has one."""
    region = arn.split(":")[3:4]
    return decide(principal, request, "*", facts=Facts({"aws:requestedregion": tuple(region)} if any(region) else {}))


def _narrowed(resource: str, arn: str) -> str | None:
    """The pattern in partition, region and account of the ARN, which its wildcards do not run over; None elsewhere."""
    wanted, own = resource.split(":", 5), arn.split(":", 5)
    if len(wanted) == len(own) == 6:
        if not all(meet(one, other) for one, other in zip(wanted[:5], own[:5], strict=True)):
            return None
        resource = ":".join((*own[:5], wanted[5]))
    return resource if meet(resource, arn) else None


def is_for(grant: Grant, principal: Principal) -> bool:
    """Whether the grant goes to the principal, to its account or to everyone there."""
    if grant.principal == _EVERYONE:
        return grant.account == principal.account
    return grant.principal == principal.account or (
        grant.principal.startswith("arn:") and meet(grant.principal, principal.arn)
    )


def _both(grant: Grant, portion: Portion, way: Way) -> Way:
    says = f"{grant.permission.upper()} by {grant.by}" if grant.by else grant.permission.upper()
    rule = Rule(True, (grant.permission,), (portion.arn,), sid=says, document="grant", source=grant.source)
    return Way((rule, *way.rules), (*portion.conditions, *way.conditions), portion)
