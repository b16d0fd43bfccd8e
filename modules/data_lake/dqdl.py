"""The Data Quality Definition Language, as far as it can be judged before AWS does. No cdktf here.

https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

# Rules that begin with the columns they are about.
_OF_COLUMNS = frozenset(
    {
        "ColumnCorrelation",
        "ColumnDataType",
        "ColumnExists",
        "ColumnLength",
        "ColumnValues",
        "Completeness",
        "DataFreshness",
        "DistinctValuesCount",
        "Entropy",
        "IsComplete",
        "IsPrimaryKey",
        "IsUnique",
        "Mean",
        "StandardDeviation",
        "Sum",
        "UniqueValueRatio",
        "Uniqueness",
    }
)
_OF_TABLES = frozenset({"ColumnCount", "ColumnNamesMatchPattern", "CustomSql", "DetectAnomalies", "RowCount"})
# They compare the table with another one, which a run over a table of the catalogue is not given here.
_OF_SEVERAL = frozenset({"AggregateMatch", "DatasetMatch", "ReferentialIntegrity", "RowCountMatch", "SchemaMatch"})
RULESET_LIMIT = 65_536  # characters that Glue takes
_COLUMNS = re.compile(r'[A-Za-z]+((?:\s+"[^"]*")+)')


def check_rule(rule: str) -> str:
    """`rule` itself; raises ValueError when it begins with no rule type that can be judged over one table, or
    names no column where its type is about one.
    """
    kind = _kind(rule)
    if kind in _OF_SEVERAL:
        raise ValueError(f"must judge the table alone, and {kind} compares it with another one: use CustomSql")
    known = sorted(_OF_COLUMNS | _OF_TABLES)
    if kind not in known:
        close = get_close_matches(kind, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
        raise ValueError(f"must begin with a rule type of DQDL, and {kind} is none: {hint}")
    if rule.count('"') % 2:
        raise ValueError("must close its double quotes")
    if kind in _OF_COLUMNS and not columns_of(rule):
        raise ValueError(f'must name its column in double quotes, as in {kind} "id"')
    return rule


def columns_of(rule: str) -> tuple[str, ...]:
    """The columns that the rule names in front, in its order; none for a rule about the table."""
    found = _COLUMNS.match(rule)
    return tuple(re.findall(r'"([^"]*)"', found[1])) if found and _kind(rule) in _OF_COLUMNS else ()


def ruleset(rules: Sequence[str]) -> str:
    """The rules as one ruleset, in their order."""
    return "Rules = [\n" + ",\n".join(f"    {rule}" for rule in rules) + "\n]"


def _kind(rule: str) -> str:
    return re.split(r"[^A-Za-z]", rule, maxsplit=1)[0]
