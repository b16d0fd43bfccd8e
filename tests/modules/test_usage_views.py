"""Views over the inventory of usage: planted rows, and what Athena's SQL makes of them, run by DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from modules.cost_reporting.functions.list_usage.rows import Found, Hour, Place, columns
from modules.cost_reporting.usage_settings import UsageSettings
from modules.cost_reporting.usage_views import usage_views
from modules.cost_reporting.view import View

pytestmark = pytest.mark.e2e  # DuckDB takes seconds to start and to answer

NOON = Hour(datetime(2026, 11, 23, 12, tzinfo=UTC))
FRAUD = Place("fraud-dev", "222222222222", "dev", "eu-west-1", "fraud", "cards")
SHARED = Place("models", "333333333333", "prod", "eu-west-1", None, None)
TAGGED = {"Team": "fraud", "Project": "card-fraud", "Product": "cards-app"}
SETTINGS = UsageSettings()
_TYPES = {"string": "VARCHAR", "bigint": "BIGINT", "double": "DOUBLE"}
Rows = list[dict[str, Any]]


def ago(**time: float) -> datetime:
    """A time before the end of the last hour of the inventory."""
    return NOON.end - timedelta(**time)


def thing(kind: str, name: str, **more: Any) -> Found:
    """A thing that was made long ago, and is in service."""
    return Found(kind, name, f"arn:{kind}/{name}", "InService", ago(days=900), **more)


def runs(kind: str, name: str, instance_type: str = "ml.m5.large", **more: Any) -> Found:
    """One that runs for the whole hour."""
    return thing(kind, name, instance_type=instance_type, instances=1, seconds=3600, **more)


# Of the last hour: what, where, with which tags.
NOW: list[tuple[Found, Place, dict[str, str]]] = [
    (thing("user", "ada", user_name="ada", domain_id="d"), FRAUD, {}),
    (thing("user", "grace", user_name="grace", domain_id="d"), FRAUD, {}),
    (runs("app", "active", user_name="ada", domain_id="d", last_active=ago(hours=11)), FRAUD, TAGGED),
    (runs("app", "idle", "ml.g5.xlarge", user_name="ada", domain_id="d", last_active=ago(hours=13)), FRAUD, TAGGED),
    (thing("app", "free", instance_type="system", user_name="ada", domain_id="d"), FRAUD, TAGGED),
    (runs("endpoint", "asked", invocations=5, last_active=ago(days=6), serves="cards, old"), FRAUD, TAGGED),
    (runs("endpoint", "silent", invocations=0, last_active=ago(days=8)), FRAUD, TAGGED),
    (runs("endpoint", "never-asked", "ml.p4d.24xlarge", invocations=0), SHARED, {"Team": "lending"}),
    (replace(runs("endpoint", "new", invocations=0), created=ago(days=2)), FRAUD, TAGGED),
    (runs("notebook", "forgotten", last_active=ago(days=8)), FRAUD, TAGGED),
    (replace(thing("notebook", "stopped", last_active=ago(days=80)), status="Stopped"), FRAUD, TAGGED),
    (runs("training", "train", "ml.g5.12xlarge"), FRAUD, TAGGED),
    (runs("training", "odd", "ml.p9.48xlarge"), FRAUD, TAGGED),
    (thing("pipeline", "build", runs=3), FRAUD, TAGGED),
    (thing("model-group", "cards", last_active=ago(days=300)), SHARED, TAGGED),
    (thing("model-group", "stale", last_active=ago(days=300)), SHARED, TAGGED),
    (thing("model-group", "fresh", last_active=ago(days=30)), SHARED, TAGGED),
]
# Of the hour before: the job had not begun, and what is gone now was there.
BEFORE: list[tuple[Found, Place, dict[str, str]]] = [
    (runs("endpoint", "silent", invocations=0, last_active=ago(days=8)), FRAUD, TAGGED),
    (runs("endpoint", "gone", invocations=0), FRAUD, TAGGED),
    (runs("app", "active", user_name="ada", domain_id="d", last_active=ago(hours=11)), FRAUD, TAGGED),
]


def sql(view: View) -> str:
    """As DuckDB has it; today is the day of the planted rows."""
    today = sqlglot.parse_one("CAST('2026-11-23' AS date)")
    (parsed,) = sqlglot.parse(view.sql, read="athena")
    assert parsed is not None
    return parsed.transform(lambda node: today if isinstance(node, exp.CurrentDate) else node).sql(dialect="duckdb")


@pytest.fixture(name="database", scope="module")
def _database() -> Iterator[duckdb.DuckDBPyConnection]:
    database = duckdb.connect()
    names = {**columns(), "dt": "string", "hour": "string"}
    database.execute(f"CREATE TABLE usage ({', '.join(f'{name} {_TYPES[kind]}' for name, kind in names.items())})")
    planted = [
        (*asdict(found.row(place, tags, SETTINGS.required_tags)).values(), f"{hour:%Y-%m-%d}", f"{hour:%H}")
        for listed, hour in ((NOW, NOON.start), (BEFORE, NOON.start - timedelta(hours=1)))
        for found, place, tags in listed
    ]
    database.executemany(f"INSERT INTO usage VALUES ({', '.join('?' for _ in names)})", planted)
    for view in usage_views(SETTINGS):
        database.execute(f"CREATE VIEW {view.name} AS {sql(view)}")
    yield database
    database.close()


def ask(database: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """The rows of a query, by name of column."""
    found = database.execute(query)
    names = [each[0] for each in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_each_view_has_the_columns_that_it_declares(database: duckdb.DuckDBPyConnection) -> None:
    """By name, order and type, as Athena believes what the catalogue says."""
    of_sums = {"HUGEINT": "bigint"}  # what DuckDB adds whole numbers up to
    kinds = of_sums | {name: kind for kind, name in _TYPES.items()}
    for view in usage_views(SETTINGS):
        described = database.execute(f"DESCRIBE {view.name}").fetchall()
        assert [(name, kinds[kind]) for name, kind, *_ in described] == list(view.columns.items()), view.name


def test_a_team_sees_its_users_machines_and_hours(database: duckdb.DuckDBPyConnection) -> None:
    """Each thing counts once, however many hours it was there; hours add up."""
    (fraud,) = ask(database, "SELECT * FROM usage_by_team WHERE team = 'fraud' AND line_of_business = 'cards'")
    assert fraud == {
        "month": "2026-11",
        "line_of_business": "cards",
        "team": "fraud",
        "users": 2,
        "active_users": 1,
        "instance_types": 4,  # m5.large, g5.xlarge, g5.12xlarge and one that nobody knows
        "endpoints": 4,
        "apps": 3,
        "notebooks": 2,
        "jobs": 2,
        "pipeline_runs": 3,
        "instance_hours": 11,
        "gpu_hours": 5,  # an hour of one GPU and one of four; of the unknown type nobody claims any
    }


def test_what_stands_in_a_shared_account_is_the_tags_team_s(database: duckdb.DuckDBPyConnection) -> None:
    """A line of business that nothing tells is unallocated, as its costs are."""
    (lending,) = ask(database, "SELECT * FROM usage_by_team WHERE team = 'lending'")
    assert (lending["line_of_business"], lending["endpoints"], lending["gpu_hours"]) == ("Unallocated", 1, 8)


def test_no_hour_is_lost_or_counted_twice(database: duckdb.DuckDBPyConnection) -> None:
    """By month, team or thing: the sum is that of the rows."""
    (whole,) = ask(database, "SELECT sum(instance_hours) AS hours, sum(gpu_hours) AS gpus FROM usage")
    for view in ("usage_by_month", "usage_by_team"):
        assert ask(database, f"SELECT sum(instance_hours) AS hours, sum(gpu_hours) AS gpus FROM {view}") == [whole]


def test_a_user_sees_apps_and_hours(database: duckdb.DuckDBPyConnection) -> None:
    """The latest activity is that of the month."""
    assert ask(database, "SELECT * FROM usage_by_user") == [
        {
            "month": "2026-11",
            "team": "fraud",
            "account": "fraud-dev",
            "user_name": "ada",
            "apps": 3,
            "instance_hours": 3,
            "gpu_hours": 1,
            "last_active": "2026-11-23 02:00:00",
        }
    ]


def test_a_product_is_that_of_the_tag(database: duckdb.DuckDBPyConnection) -> None:
    """By month, project and instance type."""
    found = ask(database, "SELECT * FROM usage_by_month WHERE kind = 'training' AND instance_type LIKE 'ml.g5%'")
    assert [(row["product"], row["project"], row["things"], row["gpu_hours"]) for row in found] == [
        ("cards-app", "card-fraud", 1, 4)
    ]


def test_waste_is_what_was_planted_and_nothing_else(database: duckdb.DuckDBPyConnection) -> None:
    """Nothing that is used, new, stopped, free of charge, served or gone by now is among it."""
    found = ask(database, "SELECT reason, name, team FROM waste ORDER BY reason, name")
    assert [tuple(row.values()) for row in found] == [
        ("forgotten notebook", "forgotten", "fraud"),
        ("idle app", "idle", "fraud"),
        ("idle endpoint", "never-asked", "lending"),
        ("idle endpoint", "silent", "fraud"),
        ("stale models", "stale", "fraud"),
        ("untagged", "never-asked", "lending"),
    ]
    (untagged,) = ask(database, "SELECT detail FROM waste WHERE reason = 'untagged'")
    assert untagged["detail"] == "Project"


def test_idle_hours_are_those_of_the_hours_in_which_a_thing_was_idle(database: duckdb.DuckDBPyConnection) -> None:
    """Also of what is gone by now: its cost was paid."""
    found = ask(database, "SELECT arn, sum(instance_hours) AS hours FROM usage_idle GROUP BY arn ORDER BY arn")
    assert {row["arn"]: row["hours"] for row in found} == {
        "arn:app/idle": 1,
        "arn:endpoint/gone": 1,
        "arn:endpoint/never-asked": 1,
        "arn:endpoint/silent": 2,
        "arn:notebook/forgotten": 1,
    }


def test_what_is_waste_follows_the_settings(database: duckdb.DuckDBPyConnection) -> None:
    """With longer times the same rows are no waste."""
    longer = UsageSettings(idle_endpoint_days=30, idle_app_hours=720, forgotten_notebook_days=30, stale_model_days=999)
    (waste,) = (view for view in usage_views(longer) if view.name == "waste")
    assert {row["reason"] for row in ask(database, sql(waste))} == {"idle endpoint", "untagged"}
