"""The forms of text in a domain's file: what AWS would refuse, or would not understand, is refused here. No cdktf here.

Each check raises ValueError with what is wrong, in words that go on from the YAML path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator

from modules.core.cron import check_cron
from modules.core.settings import Shape
from modules.data_lake.dqdl import check_rule

_SNAKE = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
_SNAKE_WORDS = "lower-case letters, digits and single underscores, a letter first (such as card_payment)"
_SCALARS = "string|boolean|tinyint|smallint|int|bigint|float|double|date|timestamp|binary"
_NESTED = ("array<", "map<", "struct<")
_MOST_DIGITS = 38  # of a decimal in Glue, Athena and Spark


def _snake(longest: int) -> Shape:
    return Shape(_SNAKE, _SNAKE_WORDS, longest, shortest=2)


def is_nested(column_type: str) -> bool:
    """Whether a value of the type is made of several: SQL neither partitions nor compares by it."""
    return column_type.startswith(_NESTED)


def _check_type(text: str) -> str:
    try:
        well_formed = _is_type(text)
    except ValueError as error:
        raise ValueError(f"{error} in {text}") from error
    if not well_formed:
        raise ValueError("must name types of the Glue catalogue in its brackets, such as struct<id:bigint,at:date>")
    return text


def _is_type(text: str) -> bool:
    if re.fullmatch(_SCALARS, text):
        return True
    if found := re.fullmatch(r"decimal\((\d+),(\d+)\)", text):
        if int(found[1]) > _MOST_DIGITS or int(found[2]) > int(found[1]):
            raise ValueError(f"must have {_MOST_DIGITS} digits at most, and no more behind the point than in all,")
        return True
    if not (found := re.fullmatch(r"(array|map|struct)<(.+)>", text)):
        return False
    kind, parts = found[1], _split(found[2])
    if kind == "array":
        return len(parts) == 1 and _is_type(parts[0])
    if kind == "map":
        return len(parts) == 2 and bool(re.fullmatch(_SCALARS, parts[0])) and _is_type(parts[1])
    fields = [part.partition(":") for part in parts]
    return all(re.fullmatch(r"[a-z_][a-z0-9_]*", name) and _is_type(kind) for name, _, kind in fields)


def _split(text: str) -> Sequence[str]:
    """The parts between commas that stand in no bracket."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


# What is no column in a row filter: operators, literals, and types that stand before a literal or in a cast.
_FILTER_WORDS = frozenset(
    {
        *("and", "or", "not", "in", "like", "escape", "between", "is", "null", "missing", "true", "false"),
        *("cast", "as", "date", "timestamp", "string", "char", "varchar", "boolean"),
        *("int", "integer", "smallint", "bigint", "float", "double", "decimal"),
    }
)
_QUOTED = re.compile(r"'[^']*'")


def _check_row_filter(text: str) -> str:
    bare = _QUOTED.sub("", text)
    if "'" in bare:
        raise ValueError("must close its single quotes")
    if not _brackets_match(bare):
        raise ValueError("must have its brackets in pairs")
    return text


def _brackets_match(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def columns_filtered(row_filter: str) -> frozenset[str]:
    """The columns that a row filter names, as it writes them; Lake Formation knows no functions there."""
    words = re.findall(r"(?<![A-Za-z0-9_.])[A-Za-z_][A-Za-z0-9_]*", _QUOTED.sub("", row_filter))
    return frozenset(word for word in words if word.lower() not in _FILTER_WORDS)


ProductName = Annotated[str, _snake(32)]
TableName = Annotated[str, _snake(64)]
ColumnName = Annotated[str, _snake(64)]
FilterName = Annotated[str, _snake(32)]
ColumnType = Annotated[
    str,
    Shape(
        rf"(?:{_SCALARS}|decimal\([1-9][0-9]?,[0-9]{{1,2}}\)|(?:array|map|struct)<[a-z0-9_<>:,()]+>)",
        "a type of the Glue catalogue such as string, bigint, decimal(18,2), timestamp or array<string>",
        256,
    ),
    AfterValidator(_check_type),
]
# What Lake Formation takes as a row filter: a subset of PartiQL's WHERE. Quotes are single ones.
RowFilter = Annotated[
    str,
    Shape(r"[A-Za-z0-9_ .,:'()<>=!%+*/-]+", "a row filter such as country = 'IE'", 1024),
    AfterValidator(_check_row_filter),
]
# A rule of the Data Quality Definition Language.
QualityRule = Annotated[
    str,
    Shape(r"[A-Z][A-Za-z]+\b[^;{}\[\]\n]*(?:\[[^\[\]\n;]*\][^;{}\n]*)?", 'a DQDL rule such as IsComplete "id"', 512),
    AfterValidator(check_rule),
]
# https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
GlueSchedule = Annotated[
    str, Shape(r"cron\([^()]+\)", "a schedule in UTC such as cron(0 3 * * ? *)", 64), AfterValidator(check_cron)
]
