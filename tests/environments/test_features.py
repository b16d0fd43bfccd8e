"""Feature groups: rules across files, and schemas that nobody changes under those who read them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from environments.feature_lock import difference, relock
from environments.load import load
from environments.reading import FEATURE_LOCK
from environments.rules import features
from modules.core.errors import ConfigError
from modules.core.lf_tags import MOST_VALUES
from modules.feature_store.schema import SchemaLock, changes, renewed, successor
from modules.feature_store.settings import FeatureGroupSpec
from tests.environments.spoiled import (
    ORGANIZATION,
    SMALL,
    Case,
    Expected,
    assert_complaints,
    case,
    copy_of_small,
    spoil,
)

GROUP = "features/order-history.yaml"
READ = "    read: { teams: [scoring] }\n"
ORDERS = "  orders_90d: { type: integral,"
VECTOR = "{ kind: vector, dimension: 4 }"

CASES = (
    case(
        "unknown team that owns a group",
        *(GROUP, "\nteam: scoring\n", "\nteam: scorin\n"),
        ("team:", "team", "is scorin, and was scoring, which is not locked"),
        ("team:", "team", "names the unknown team scorin: did you mean scoring?"),
    ),
    case(
        "unknown team and unit in a share",
        *(GROUP, READ, "    read: { teams: [fraud], units: [worklods] }\n"),
        ("worklods", "central.access.read.teams[0]", "names the unknown team fraud"),
        ("worklods", "central.access.read.units[0]", "names the unknown unit worklods: did you mean workloads?"),
    ),
    case(
        "unknown unit to find groups from",
        *(ORGANIZATION, "discoverable_by: [workloads]", "discoverable_by: [zoo]"),
        ("discoverable_by", "feature_store.discoverable_by[0]", "names the unknown unit zoo"),
    ),
    case(
        "more runs of functions than an account may reserve",
        *(ORGANIZATION, "  discoverable_by:", "  ingest_concurrency: 900\n  discoverable_by:"),
        ("ingest_concurrency", "feature_store.ingest_concurrency", "must be 893 at most"),
    ),
    case(
        "review by the owner",
        *(GROUP, "reviewer: data-office@minnow.example", "reviewer: Robin@minnow.example"),
        ("reviewer", "central.reviewer", "must be somebody else than the owner: two people answer"),
    ),
    case(
        "central group of a team that is gone",
        *("teams/scoring.yaml", "\nteam: scoring\n", "\nteam: scoring\noffboarding: closed\n"),
        ("team:", "team", "must not be scoring, which is closed: hand the central group", GROUP),
    ),
    case(
        "vector of text",
        *(GROUP, ORDERS, f"  like: {{ type: string, description: L, collection: {VECTOR} }}\n{ORDERS}"),
        ("like:", "features.like", "must be of type fractional, as a vector is"),
    ),
    case(
        "two levels for one team",
        *(GROUP, READ, f"{READ}    admin: {{ teams: [scoring] }}\n"),
        ("admin", "central.access.admin.teams[0]", "which has read as the team scoring already: one level for each"),
    ),
    case(
        "another level for a unit than for a team in it",
        *(GROUP, READ, f"{READ}    read_write: {{ units: [workloads] }}\n"),
        (
            "read_write",
            "central.access.read_write.units[0]",
            "gives read_write to the account workload, which has read",
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fact)
def test_a_group_that_does_not_fit_its_organisation_is_refused(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault is told once, with file, line and path."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case)
    assert_complaints(case.expected)


def test_no_team_is_given_more_histories_than_a_grant_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lake Formation refuses an expression of more than fifty values; the group that is too much is told."""
    copy_of_small(tmp_path, monkeypatch)
    assert MOST_VALUES == 50
    monkeypatch.setattr(features, "MOST_VALUES", 0)
    words = "gives the team scoring more than 0 histories, which is all that a grant names"
    assert_complaints((Expected(GROUP, "  access:", "central.access", words),))


def test_a_restricted_group_is_given_to_teams_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A share with a unit would reach accounts that are not there yet."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", GROUP, "sensitivity: internal", "sensitivity: restricted"))
    spoil(case("", GROUP, READ, "    read: { units: [workloads] }\n"))
    words = "must be left out: a restricted group is given to teams by name"
    assert_complaints((Expected(GROUP, "read:", "central.access.read.units", words),))


def _spec(**changed: Any) -> FeatureGroupSpec:
    feature = {"type": "string", "description": "A feature"}
    vector = {**feature, "type": "fractional", "collection": {"kind": "vector", "dimension": 8}}
    document = {
        "feature_group": "spend",
        "team": "fraud",
        "owner": "a@acme.example",
        "description": "What was spent",
        "sensitivity": "internal",
        "record_id": "card",
        "event_time": "at",
        "features": {"card": feature, "at": feature, "other": feature, "like": vector},
        "online": {"storage": "in-memory"},
        "central": {"reviewer": "b@acme.example"},
    }
    return FeatureGroupSpec.model_validate_json(json.dumps(document | changed))


def _features(**changed: Any) -> dict[str, Any]:
    features = _spec().model_dump(mode="json")["features"] | changed
    return {name: feature for name, feature in features.items() if feature}


LOCKED = renewed(SchemaLock(), [_spec()])
TEXT = {"type": "string", "description": "A feature"}
NUMBER = {"type": "integral", "description": "A feature"}
LIKE = {"type": "fractional", "description": "A feature"}


@pytest.mark.parametrize(
    ("fact", "changed", "path", "words"),
    [
        (
            "a removed feature",
            {"features": _features(other=None)},
            ("features",),
            "lost the feature other of type string",
        ),
        (
            "another type",
            {"features": _features(other=NUMBER)},
            ("features", "other"),
            "is of type integral, and was of type string",
        ),
        (
            "another dimension",
            {"features": _features(like=LIKE | {"collection": {"kind": "vector", "dimension": 9}})},
            ("features", "like"),
            "is of type fractional vector(9), and was of type fractional vector(8)",
        ),
        (
            "a scalar in place of a collection",
            {"features": _features(like=LIKE)},
            ("features", "like"),
            "is of type fractional, and was of type fractional vector(8)",
        ),
        ("another record id", {"record_id": "other"}, ("record_id",), "is other, and was card"),
        ("another event time", {"event_time": "other"}, ("event_time",), "is other, and was at"),
        (
            "another online store",
            {"features": _features(like=None) | {"like2": TEXT}, "online": {"storage": "standard"}},
            ("online",),
            "is standard, and was in-memory",
        ),
        ("no offline store", {"offline": False}, ("offline",), "is false, and was true"),
        (
            "a group that leaves undeprecated",
            {"central": None},
            (),
            "has left the central store without being deprecated",
        ),
    ],
)
def test_a_breaking_change_is_refused_and_says_what_to_do(
    fact: str, changed: dict[str, Any], path: tuple[str, ...], words: str
) -> None:
    """Whatever SageMaker could only do by making the group anew is breaking, and names a way that is not."""
    breaking = [each for each in changes(LOCKED, renewed(LOCKED, [_spec(**changed)])) if each.breaking]
    found = {each.path: each for each in breaking}
    assert words in found[path].what, fact
    assert all("change it back" in each.remedy or "put it back" in each.remedy for each in breaking)


@pytest.mark.parametrize(
    "changed",
    [
        {"features": _features(more=TEXT)},
        {"features": _features(other=TEXT | {"description": "Said better", "deprecated": "Use more"})},
        {"deprecated": "Use spend-v2"},
        {"description": "Said better", "operation": {"freshness_minutes": 60}},
        {"online": {"storage": "in-memory", "ttl_days": 3}},
    ],
)
def test_what_only_adds_is_no_breaking_change(changed: dict[str, Any]) -> None:
    """New features, descriptions, deprecation, alarms and times to live are let through."""
    assert not any(each.breaking for each in changes(LOCKED, renewed(LOCKED, [_spec(**changed)])))


def test_a_deprecated_group_takes_no_new_readers_and_may_leave() -> None:
    """Fewer readers are fine, one more is refused; once gone, its name stays locked to its schema."""
    read = {"reviewer": "b@acme.example", "access": {"read": {"teams": ["lending"]}}}
    more = {"reviewer": "b@acme.example", "access": {"read": {"teams": ["lending"], "units": ["ml"]}}}
    deprecated = renewed(LOCKED, [_spec(central=read, deprecated="Use spend-v2")])
    (refused,) = changes(deprecated, renewed(deprecated, [_spec(central=more, deprecated="Use spend-v2")]))
    assert refused.breaking
    assert "(read unit ml)" in refused.what
    assert "share spend-v2" in refused.remedy
    retired = renewed(deprecated, [])
    assert [(each.what, each.breaking) for each in changes(deprecated, retired)] == [
        ("is retired, and was deprecated", False)
    ]
    again = changes(retired, renewed(retired, [_spec(record_id="other")]))
    assert [each.path for each in again if each.breaking] == [("record_id",)]


def test_a_group_may_be_handed_over() -> None:
    """Another team is no breaking change: its readers see the same."""
    (change,) = changes(LOCKED, renewed(LOCKED, [_spec(team="lending")]))
    assert (change.what, change.breaking) == ("is lending, and was fraud", False)


def test_a_lock_that_forgets_a_group_is_told_by_the_lock_before() -> None:
    """A pull request cannot edit a schema out of the lock: CI holds it against the lock of the main branch."""
    assert [(each.group, each.breaking) for each in changes(LOCKED, SchemaLock())] == [("spend", True)]


def test_a_successor_counts_on() -> None:
    """The first group with another schema is -v2, the next one -v3."""
    assert [successor(name) for name in ("spend", "spend-v2", "spend-v9")] == ["spend-v2", "spend-v3", "spend-v10"]


@pytest.fixture(name="config")
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return copy_of_small(tmp_path, monkeypatch)


def test_a_breaking_change_is_told_with_file_and_line_by_check_and_lock(config: Path) -> None:
    """Neither lets it through, and the lock stays as it is."""
    spoil(case("", GROUP, ORDERS, ORDERS.replace("integral", "fractional")))
    before = (config / FEATURE_LOCK).read_bytes()
    expected = Expected(
        GROUP, "orders_90d", "features.orders_90d", "integral, which is a breaking change: change it back"
    )
    assert_complaints((expected,))
    with pytest.raises(ConfigError) as caught:
        relock(config)
    assert str(caught.value).startswith(expected.start())
    assert "or contribute order-history-v2" in str(caught.value)
    assert (config / FEATURE_LOCK).read_bytes() == before


def test_an_addition_is_let_through_once_it_is_locked(config: Path) -> None:
    """Until then `check` says what to run; after that a second run finds nothing."""
    spoil(case("", GROUP, ORDERS, f"  returns_90d: {{ type: integral, description: Returns }}\n{ORDERS}"))
    words = "is a new feature of type integral, which is not locked: run `mlgov features lock`"
    assert_complaints((Expected(GROUP, "returns_90d", "features.returns_90d", words),))
    file, found = relock(config)
    assert (file, [str(each) for each in found]) == (
        config / FEATURE_LOCK,
        ["order-history features.returns_90d is a new feature of type integral"],
    )
    assert "returns_90d" in load(config).features[0].features
    assert relock(config)[1] == []
    assert [str(each) for each in difference(SMALL, config)] == [str(each) for each in found]


@pytest.mark.parametrize(
    ("spoil_lock", "words"),
    [
        (Path.unlink, "feature_group is new in the central store, which is not locked: run `mlgov features lock`"),
        (lambda file: file.write_text("{"), "is not valid YAML"),
        (lambda file: file.write_text(file.read_text().replace("integral", "text")), "which is a breaking change"),
    ],
    ids=["missing", "broken", "edited"],
)
def test_a_lock_that_says_something_else_is_an_error(
    config: Path, spoil_lock: Callable[[Path], object], words: str
) -> None:
    """A missing, unreadable or edited lock fails; it is never taken for an empty one."""
    spoil_lock(config / FEATURE_LOCK)
    with pytest.raises(ConfigError, match=re.escape(words)):
        load(config)


def test_a_faulty_group_is_not_said_to_have_left(config: Path) -> None:
    """Only its own fault is told."""
    spoil(case("", GROUP, "sensitivity: internal", "sensitivity: secret"))
    assert_complaints((Expected(GROUP, "sensitivity", "sensitivity", "must be one of"),))
