"""The allocation of costs as SQL of Athena: the same owners and the same split as in cost categories. No cdktf here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from modules.cost_reporting.allocation import LINE_OF_BUSINESS, Allocation, Level, Method, Rule, Split
from modules.cost_reporting.cents import AMOUNTS
from modules.cost_reporting.cost_lines import TAGS
from modules.cost_reporting.view import literal

# The table in which accounts stand: their ids may be known to Terraform alone, and a view's text is Base64.
OWNERS_TABLE = "account_owners"
OWNERS: Mapping[str, str] = {"account_id": "string", "rules": "array<string>"}
_TAG_COLUMNS = {key: column for column, key in TAGS.items()}


def column(level: str) -> str:
    """The column in which the owner at a level stands: `line_of_business`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", level).lower()


def owners(allocation: Allocation) -> str:
    """The lines of the table `account_owners`: for each account the rules that hold for all that it costs."""
    rules: dict[str, list[str]] = {}
    for level in allocation.levels:
        for number, rule in enumerate(level.rules):
            for account in rule.accounts:
                rules.setdefault(account, []).append(_name(level, number))
    return "".join(f"{json.dumps({'account_id': account, 'rules': held})}\n" for account, held in rules.items())


def owned(allocation: Allocation, lines: str) -> str:
    """What `lines` selects, with a column for the owner at each level."""
    sql = f"""SELECT lines.*, {OWNERS_TABLE}.rules AS account_rules
FROM (
{lines}
) AS lines
LEFT JOIN {OWNERS_TABLE} ON {OWNERS_TABLE}.account_id = lines.account_id"""
    for level in allocation.levels:
        sql = f"""SELECT *,
       {_owner(level)} AS {column(level.name)}
FROM (
{sql}
)"""
    return sql


def charged(allocation: Allocation, costs: str, keys: Sequence[str]) -> str:
    """Common table expressions, ending in a comma: `charged` has what each line of business bears.

    Its rows are those of `own`, the sums of `costs` by period, line of business and `keys`, of which those of a source
    of a split are charged to its targets. `shared` says whose cost it was. Where no target has a cost of its own,
    nothing is proportional to it, and the parts are even.
    """
    line, named = column(LINE_OF_BUSINESS), ", ".join((column(LINE_OF_BUSINESS), *keys))
    sums = ", ".join(f"SUM({each}) AS {each}" for each in AMOUNTS)
    sources = ", ".join(literal(split.source) for split in allocation.splits)
    kept = f"WHERE {line} NOT IN ({sources})" if sources else ""
    own = f"SELECT billing_period, {named}, 'Own' AS origin, {', '.join(AMOUNTS)}\nFROM own\n{kept}"
    parts = (_part(split, number, line, keys) for number, split in enumerate(allocation.splits))
    shares = "".join(_shares(split, number, line) for number, split in enumerate(allocation.splits))
    return f"""own AS (
SELECT billing_period, {named}, {sums}
FROM {costs}
GROUP BY billing_period, {named}
), {shares}charged AS (
{chr(10).join(_union((own, *parts)))}
), """


def _union(selects: Sequence[str]) -> Iterator[str]:
    for number, select in enumerate(selects):
        yield f"UNION ALL\n{select}" if number else select


def _shares(split: Split, number: int, line: str) -> str:
    """Which part of the source's cost each target bears in each period, of both amounts."""
    targets = ", ".join(f"({literal(target)}, {_percent(split, target)})" for target in split.targets)
    base = ",\n       ".join(
        f"greatest(COALESCE(SUM(own.{each}), CAST(0 AS decimal(38,12))), CAST(0 AS decimal(38,12))) AS {each}"
        for each in AMOUNTS
    )
    shares = ",\n       ".join(f"{_share(split.method, each, len(split.targets))} AS {each}_share" for each in AMOUNTS)
    return f"""bases_{number} AS (
SELECT periods.billing_period,
       targets.target,
       targets.percent,
       {base}
FROM (SELECT DISTINCT billing_period FROM own) AS periods
CROSS JOIN (VALUES {targets}) AS targets (target, percent)
LEFT JOIN own ON own.billing_period = periods.billing_period AND own.{line} = targets.target
GROUP BY periods.billing_period, targets.target, targets.percent
), shares_{number} AS (
SELECT billing_period,
       target,
       {shares}
FROM bases_{number}
), """


def _share(method: Method, amount: str, targets: int) -> str:
    even = f"CAST(1 AS double) / {targets}"
    if method == "EVEN":
        return even
    if method == "FIXED":
        return "CAST(percent AS double) / 100"
    total = f"SUM({amount}) OVER (PARTITION BY billing_period)"
    return f"CASE WHEN {total} > 0 THEN CAST({amount} AS double) / CAST({total} AS double) ELSE {even} END"


def _percent(split: Split, target: str) -> int:
    return split.percent.get(target, 0)


def _part(split: Split, number: int, line: str, keys: Sequence[str]) -> str:
    costs = ", ".join(
        f"CAST(CAST(own.{each} AS double) * shares_{number}.{each}_share AS decimal(38,12)) AS {each}"
        for each in AMOUNTS
    )
    return f"""SELECT own.billing_period, shares_{number}.target, {", ".join(f"own.{key}" for key in keys)},
       {literal(split.source)} AS origin, {costs}
FROM own
JOIN shares_{number} ON shares_{number}.billing_period = own.billing_period
WHERE own.{line} = {literal(split.source)}"""


def _owner(level: Level) -> str:
    whens = "\n            ".join(
        f"WHEN {_condition(level, number, rule)} THEN {literal(rule.value)}" for number, rule in enumerate(level.rules)
    )
    default = literal(level.default)
    return f"CASE {whens}\n            ELSE {default} END" if level.rules else default


def _condition(level: Level, number: int, rule: Rule) -> str:
    terms = []
    if rule.accounts:
        terms.append(f"contains(account_rules, {literal(_name(level, number))})")
    if rule.tag is not None:
        terms.append(f"{_TAG_COLUMNS[rule.tag.key]} IN ({_literals(rule.tag.values)})")
    if rule.within is not None:
        terms.append(f"{column(rule.within.level)} IN ({_literals(rule.within.values)})")
    return " AND ".join(terms)


def _name(level: Level, number: int) -> str:
    return f"{level.name} {number}"


def _literals(values: Sequence[str]) -> str:
    return ", ".join(literal(value) for value in values)
