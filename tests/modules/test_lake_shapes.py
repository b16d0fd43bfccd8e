"""Text in a domain's file is understood by AWS, or refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from modules.data_lake.product_settings import Quality
from modules.data_lake.settings import Identifier
from modules.data_lake.shapes import ColumnType, GlueSchedule, QualityRule, RowFilter, columns_filtered

TYPE: TypeAdapter[Any] = TypeAdapter(ColumnType)
FILTER: TypeAdapter[Any] = TypeAdapter(RowFilter)
SCHEDULE: TypeAdapter[Any] = TypeAdapter(GlueSchedule)
RULE: TypeAdapter[Any] = TypeAdapter(QualityRule)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (TYPE, "decimal(38,38)"),
        (TYPE, "map<string,array<struct<a:int,b:decimal(5,2)>>>"),
        (FILTER, "(total BETWEEN 1 AND 2.5 OR id IN ('a','(b')) AND NOT name LIKE '%x'"),
        (FILTER, "at > timestamp '2026-01-01 00:00:00' AND country IS NOT NULL"),
        (SCHEDULE, "cron(0 3 * * ? *)"),
        (SCHEDULE, "cron(15,45 0-23/2 ? 1,JUN-AUG MON-FRI 2026-2030)"),
        (SCHEDULE, "cron(0 3 L * ? *)"),
        (SCHEDULE, "cron(0 3 ? * 6#3 *)"),
        (RULE, 'ColumnCorrelation "height" "weight" > 0.8'),
        (RULE, "RowCount > 0"),
    ],
)
def test_what_aws_understands_is_taken(form: TypeAdapter[Any], text: str) -> None:
    """A check that is stricter than AWS would be in the way."""
    assert form.validate_python(text) == text


@pytest.mark.parametrize(
    ("form", "text", "words"),
    [
        (TYPE, "decimal(39,2)", "38 digits at most"),
        (TYPE, "array<decimal(5,9)>", r"no more behind the point than in all, in array<decimal\(5,9\)>"),
        (TYPE, "array<text>", "must name types of the Glue catalogue in its brackets"),
        (TYPE, "array<string,string>", "must name types"),
        (TYPE, "map<array<int>,string>", "must name types"),
        (TYPE, "struct<a>", "must name types"),
        (TYPE, "array<string>>", "must name types"),
        (FILTER, "country = 'IE", "must close its single quotes"),
        (FILTER, "(total > 5", "must have its brackets in pairs"),
        (FILTER, "total > 5) OR (total < 9", "must have its brackets in pairs"),
        (SCHEDULE, "cron(0 3 * * *)", "must have 6 fields .* and has 5"),
        (SCHEDULE, "cron(0 24 * * ? *)", "must have hours from 0 to 23"),
        (SCHEDULE, "cron(0/0 3 * * ? *)", "must have minutes"),
        (SCHEDULE, "cron(? 3 * * ? *)", "must have minutes"),
        (SCHEDULE, "cron(0 3 * * * *)", r"must have \? as day of month or as day of week"),
        (SCHEDULE, "cron(0 3 ? * ? *)", "and only as one of them"),
        (RULE, "IsComplete order_id", 'must name its column in double quotes, as in IsComplete "id"'),
    ],
)
def test_what_aws_would_refuse_is_refused_with_the_reason(form: TypeAdapter[Any], text: str, words: str) -> None:
    """Before anything is planned: the provider passes such text on as it is."""
    with pytest.raises(ValidationError, match=words):
        form.validate_python(text)


def test_a_row_filter_names_its_columns() -> None:
    """Operators, literals and what stands in quotes are none; a function is told as a column that is not there."""
    assert columns_filtered("lower(name) = 'not a column' AND at > date '2026-01-01' OR x1 < 1e5") == {
        *("lower", "name", "at", "x1")
    }


def test_rules_fit_one_ruleset_of_glue() -> None:
    """All rules of a table are one text, of which Glue takes so much."""
    with pytest.raises(ValidationError, match="must have rules of 65536 characters at most together, and has"):
        Quality(rules=('ColumnValues "a" in ["' + "x" * 470 + '"]',) * 200)


def test_a_pattern_of_macie_is_a_regular_expression() -> None:
    """One that is none would fail when the job is made."""
    with pytest.raises(ValidationError, match="must be a regular expression: unterminated character set"):
        Identifier(description="Numbers", pattern="([0-9")
