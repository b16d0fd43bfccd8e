"""Views over the exports: whose each cost is, and sums by whatever it is asked by. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modules.cost_reporting.allocation import UNALLOCATED, Allocation
from modules.cost_reporting.allocation_sql import charged, column, owned
from modules.cost_reporting.cents import AMOUNTS, CENTS, in_cents
from modules.cost_reporting.cost_lines import LINE, MONEY, cur_lines, focus_lines
from modules.cost_reporting.names import CUR, FOCUS, USAGE
from modules.cost_reporting.view import View, literal

IDLE = "usage_idle"  # of `usage_views`: each hour of a thing in which nobody used it
COSTS, FOCUS_COSTS, ALLOCATED = "costs", "focus_costs", "cost_allocated"
_TEAM = ("line_of_business", "team")
# What is cut out of a line; costs that have none bear these words, so that each view adds up to the bill.
_CUT: Mapping[str, tuple[str, str]] = {
    "user_name": (
        "COALESCE(NULLIF(regexp_extract(tag_user, '/([^/]+)$', 1), ''), "
        "NULLIF(regexp_extract(resource_id, ':(user-profile|app)/[^/]+/([^/]+)', 2), ''))",
        "No user",
    ),
    "endpoint": ("NULLIF(regexp_extract(resource_id, ':endpoint/([^/]+)$', 1), '')", "No endpoint"),
    "instance_type": (
        "NULLIF(regexp_extract(usage_type, ':(([a-z]+[.])?[a-z]+[0-9][a-z0-9-]*[.][a-z0-9-]+)$', 1), '')",
        "No instance",
    ),
}
# View -> what it is by, beside the billing period.
_BY: Mapping[str, tuple[str, ...]] = {
    "cost_by_line_of_business": ("line_of_business",),
    "cost_by_team": _TEAM,
    "cost_by_product": (*_TEAM, "product"),
    "cost_by_project": (*_TEAM, "product", "project"),
    "cost_by_user": (*_TEAM, "user_name"),
    "cost_by_endpoint": (*_TEAM, "product", "endpoint"),
    "cost_by_instance_family": (*_TEAM, "instance_family", "instance_type"),
    "cost_by_service": (*_TEAM, "service"),
    "cost_by_account": ("account_id", "account_name"),
    "cost_by_charge_type": ("charge_type",),
    "cost_by_day": ("usage_date", *_TEAM),
}


def cost_views(allocation: Allocation) -> Iterator[View]:
    """Every view over the exports. `costs` has a row for each line of CUR 2.0, `focus_costs` for each of FOCUS 1.0."""
    levels = {column(level.name): "string" for level in allocation.levels}
    whole = {**LINE, **levels, **dict.fromkeys((*_CUT, "instance_family"), "string")}
    yield View(
        COSTS, "Lines of CUR 2.0, with the owner at each level", whole, _whole(allocation, cur_lines(CUR), whole)
    )
    yield View(
        FOCUS_COSTS,
        "Lines of FOCUS 1.0, with the owner at each level",
        whole,
        _whole(allocation, focus_lines(FOCUS), whole),
    )
    for name, keys in _BY.items():
        words = ", ".join(key.replace("_", " ") for key in keys)
        yield View(name, f"Costs by {words}: cents add up to the bill", _in_cents(keys), in_cents(COSTS, keys))
    keys = (*_TEAM, "product", "origin")
    yield View(
        ALLOCATED,
        "What each line of business bears: its own costs, and its part of what all share",
        _in_cents(keys),
        in_cents("charged", keys, ctes=charged(allocation, COSTS, ("team", "product")), bill="own"),
    )
    yield _untagged()
    yield _idle()
    yield _agreement()


def _whole(allocation: Allocation, lines: str, columns: Mapping[str, str]) -> str:
    cut = ",\n       ".join(f"COALESCE({sql}, {literal(none)}) AS {name}" for name, (sql, none) in _CUT.items())
    family = "COALESCE(NULLIF(regexp_extract(instance_type, '^(.+)[.][^.]+$', 1), ''), instance_type)"
    return f"""SELECT {", ".join(name for name in columns if name != "instance_family")},
       {family} AS instance_family
FROM (
SELECT *,
       {cut}
FROM (
{owned(allocation, lines)}
)
)"""


def _in_cents(keys: tuple[str, ...]) -> dict[str, str]:
    kinds = {"usage_date": "date"}
    return {"billing_period": "string", **{key: kinds.get(key, "string") for key in keys}, **_amounts(CENTS)}


def _amounts(kind: str) -> dict[str, str]:
    return dict.fromkeys(AMOUNTS, kind)


def _untagged() -> View:
    keys = ("account_id", "account_name", "service", "resource_id")
    rows = f"""nobodys AS (
SELECT billing_period, account_id, account_name, service, COALESCE(resource_id, 'No resource') AS resource_id,
       {", ".join(AMOUNTS)}
FROM {COSTS}
WHERE team = {literal(UNALLOCATED)}
), """
    return View(
        "cost_untagged",
        "Costs that no account and no tag gives to anybody, by resource",
        _in_cents(keys),
        in_cents("nobodys", keys, ctes=rows),
    )


def _idle() -> View:
    """Of what a thing costs in a day, idle is the part of its instance hours in which the inventory found it so."""
    keys = (*_TEAM, "product", "resource_id", "reason")
    amounts = ",\n       ".join(
        f"CAST(CAST(costs.{each} AS double) * idle.hours / whole.hours AS {MONEY}) AS {each}" for each in AMOUNTS
    )
    rows = f"""whole AS (
SELECT dt, arn, SUM(instance_hours) AS hours
FROM {USAGE}
WHERE instance_hours > 0
GROUP BY dt, arn
), idle AS (
SELECT dt, arn, reason, SUM(instance_hours) AS hours
FROM {IDLE}
GROUP BY dt, arn, reason
), idle_costs AS (
SELECT costs.billing_period, costs.line_of_business, costs.team, costs.product, costs.resource_id, idle.reason,
       {amounts}
FROM {COSTS} AS costs
JOIN idle ON idle.arn = costs.resource_id AND idle.dt = CAST(costs.usage_date AS varchar)
JOIN whole ON whole.arn = idle.arn AND whole.dt = idle.dt
), """
    return View(
        "cost_of_idle",
        "What endpoints, apps and notebooks cost while nobody used them",
        _in_cents(keys),
        in_cents("idle_costs", keys, ctes=rows),
    )


def _agreement() -> View:
    """By account, since FOCUS splits no instance among its containers: what is theirs in `costs` may be another's."""
    sides = ((COSTS, "cur"), (FOCUS_COSTS, "focus"))
    zero = f"CAST(0 AS {MONEY})"
    rows = "\nUNION ALL\n".join(
        "SELECT billing_period, account_id, "
        + ", ".join(f"{'billed_cost' if name == other else zero} AS {other}_cost" for _, other in sides)
        + f" FROM {view}"
        for view, name in sides
    )
    return View(
        "cost_agreement",
        "What CUR 2.0 and FOCUS 1.0 say of each account, and by how much they differ",
        {
            "billing_period": "string",
            "account_id": "string",
            "cur_cost": MONEY,
            "focus_cost": MONEY,
            "difference": MONEY,
        },
        f"""SELECT billing_period,
       account_id,
       CAST(SUM(cur_cost) AS {MONEY}) AS cur_cost,
       CAST(SUM(focus_cost) AS {MONEY}) AS focus_cost,
       CAST(SUM(cur_cost) - SUM(focus_cost) AS {MONEY}) AS difference
FROM (
{rows}
)
GROUP BY billing_period, account_id""",
    )
