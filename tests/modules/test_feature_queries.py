"""The queries on the offline store tell the truth: run for real, on SQLite, which has the SQL that they use.

What SQLite lacks are three functions of Athena on time; they are given to it here with Athena's meaning.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from modules.feature_store.sql import OfflineTable, freshness, history, latest, point_in_time, queries, training_set
from tests.support.features import feature_group

FEATURES = {
    "card_id": {"type": "string", "description": "Token"},
    "observed_at": {"type": "fractional", "description": "When"},
    "payments": {"type": "integral", "description": "Count"},
}
TABLE = OfflineTable(feature_group(features=FEATURES), "store", "card_velocity_1")
LABELS = "SELECT * FROM observed"
Row = tuple[str, float, int | None, float, float, int]  # id, event time, payments, write, invocation, deleted


@pytest.fixture(name="store")
def _store() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("ATTACH ':memory:' AS store")
    connection.execute(
        "CREATE TABLE store.card_velocity_1"
        " (card_id, observed_at, payments, write_time, api_invocation_time, is_deleted)"
    )
    connection.execute("CREATE TABLE observed (card_id, label_time, label)")
    connection.create_function("to_unixtime", 1, _to_unixtime)
    connection.create_function("from_iso8601_timestamp", 1, lambda text: text)
    yield connection
    connection.close()


def _to_unixtime(value: Any) -> float:
    """Seconds since 1970 of a timestamp; here a timestamp is a number, or text in UTC."""
    if isinstance(value, int | float):
        return float(value)
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def fill(store: sqlite3.Connection, *rows: Row) -> None:
    """Rows of the offline store."""
    store.executemany("INSERT INTO store.card_velocity_1 VALUES (?, ?, ?, ?, ?, ?)", rows)


def label(store: sqlite3.Connection, *rows: tuple[str, float, int]) -> None:
    """Labels: an id, a time, what came of it."""
    store.executemany("INSERT INTO observed VALUES (?, ?, ?)", rows)


def asked(store: sqlite3.Connection, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The answer, sorted."""
    return sorted(store.execute(sql, parameters).fetchall(), key=str)


def test_no_query_sees_the_future(store: sqlite3.Connection) -> None:
    """A record of after the label is never joined to it; one of the same moment is."""
    fill(store, ("c", 100, 1, 100, 100, 0), ("c", 200, 2, 200, 200, 0), ("c", 300, 3, 300, 300, 0))
    label(store, ("c", 199.9, 0), ("c", 200, 1), ("c", 99, 0))
    assert asked(store, point_in_time(TABLE, LABELS)) == [
        ("c", 199.9, 0, 100, 1),
        ("c", 200, 1, 200, 2),
        ("c", 99, 0, None, None),
    ]


def test_of_one_record_that_is_stored_twice_the_later_write_counts(store: sqlite3.Connection) -> None:
    """A duplicate makes no second row, and a correction of the same moment replaces what it corrects."""
    fill(store, ("c", 100, 1, 100, 100, 0), ("c", 100, 1, 101, 100, 0), ("c", 100, 7, 150, 149, 0))
    label(store, ("c", 200, 0))
    assert asked(store, point_in_time(TABLE, LABELS)) == [("c", 200, 0, 100, 7)]
    assert asked(store, latest(TABLE)) == [("c", 100, 7)]


def test_a_record_that_was_deleted_gives_no_features(store: sqlite3.Connection) -> None:
    """After the deletion the label stands alone, before it the record counts; latest has no such id."""
    fill(store, ("c", 100, 1, 100, 100, 0), ("c", 200, None, 200, 200, 1))
    label(store, ("c", 150, 0), ("c", 250, 1))
    assert asked(store, point_in_time(TABLE, LABELS)) == [("c", 150, 0, 100, 1), ("c", 250, 1, None, None)]
    assert asked(store, latest(TABLE)) == []


def test_a_training_set_knows_only_what_had_been_written(store: sqlite3.Connection) -> None:
    """A record about the past that came after the label is left out: serving could not have known it."""
    fill(store, ("c", 100, 1, 100, 100, 0), ("c", 150, 9, 900, 900, 0))
    label(store, ("c", 200, 0), ("d", 200, 0))
    assert asked(store, training_set(TABLE, LABELS)) == [("c", 200, 0, 100, 1)]
    assert asked(store, point_in_time(TABLE, LABELS)) == [("c", 200, 0, 150, 9), ("d", 200, 0, None, None)]


def test_two_labels_of_one_moment_both_stay(store: sqlite3.Connection) -> None:
    """The join neither drops nor multiplies labels."""
    fill(store, ("c", 100, 1, 100, 100, 0))
    label(store, ("c", 200, 0), ("c", 200, 1))
    assert asked(store, point_in_time(TABLE, LABELS)) == [("c", 200, 0, 100, 1), ("c", 200, 1, 100, 1)]


def test_generated_histories_agree_with_a_search_by_hand(store: sqlite3.Connection) -> None:
    """Over 400 records with duplicates, corrections, late arrivals and deletions, each answer is what a loop finds."""
    chance = random.Random(5)
    rows: list[Row] = []
    for number in range(400):
        event = float(chance.randrange(60))
        written = event + chance.choice((0, 1, 40)) + number / 1000
        rows.append((chance.choice("abcdef"), event, number, written, written, int(chance.random() < 0.1)))
    rows += chance.sample(rows, 40)
    fill(store, *rows)
    labels = [(chance.choice("abcdefg"), chance.randrange(70) + 0.5, number) for number in range(80)]
    label(store, *labels)
    for served, sql in ((False, point_in_time(TABLE, LABELS)), (True, training_set(TABLE, LABELS))):
        expected = []
        for card, moment, outcome in labels:
            known = [row for row in rows if row[0] == card and row[1] <= moment and (not served or row[4] <= moment)]
            best = max(known, key=lambda row: (row[1], row[3]), default=None)
            found = best if best and not best[5] else None
            if found or not served:
                expected.append((card, moment, outcome, *(found[1:3] if found else (None, None))))
        assert asked(store, sql) == sorted(expected, key=str)


def test_history_shows_every_write_of_one_id(store: sqlite3.Connection) -> None:
    """Duplicates and deletions too, newest first, and of no other id."""
    fill(
        store,
        ("c", 100, 1, 100, 100, 0),
        ("c", 100, 1, 101, 100, 0),
        ("c", 200, None, 200, 200, 1),
        ("d", 1, 1, 1, 1, 0),
    )
    found = store.execute(history(TABLE), ("c",)).fetchall()
    assert [row[3:] for row in found] == [(200, 1), (101, 0), (100, 0)]


def test_freshness_is_the_age_of_the_newest_event(store: sqlite3.Connection) -> None:
    """In seconds, from now on."""
    now = datetime.now(UTC).timestamp()
    fill(store, ("c", now - 500, 1, now, now, 0), ("d", now - 90, 1, now - 80, now, 0))
    ((age, written, records, ids),) = asked(store, freshness(TABLE))
    assert age == pytest.approx(90, abs=5)
    assert (written, records, ids) == (now, 2, 2)


def test_event_times_in_text_are_compared_as_times(store: sqlite3.Connection) -> None:
    """12:00:00.500Z is later than 12:00:00Z, though text sorts it before."""
    features = {**FEATURES, "observed_at": {"type": "string", "description": "When"}}
    table = OfflineTable(feature_group(features=features), "store", "card_velocity_1")
    early, late = "2027-01-15T12:00:00Z", "2027-01-15T12:00:00.500Z"
    fill(store, ("c", late, 2, 5, 5, 0), ("c", early, 1, 5, 5, 0))  # type: ignore[arg-type]
    assert asked(store, latest(table)) == [("c", late, 2)]


@pytest.mark.parametrize("what", sorted(queries(TABLE)))
def test_each_query_runs_as_it_is_kept(store: sqlite3.Connection, what: str) -> None:
    """The example of labels is one that can be run."""
    _, sql = queries(TABLE)[what]
    store.execute(sql, ("c",) if what == "history" else ()).fetchall()
