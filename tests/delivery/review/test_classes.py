"""Planted changes of a plan are classified right, and every type of both organisations gets a class."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from delivery.review.classify import Surroundings, classify
from delivery.review.limits import limits
from delivery.review.model import ChangeClass
from modules.core.retention import RETAINED
from tests.support.organisations import ROOT
from tests.support.planned import change, planned

PLANTED = yaml.safe_load(Path(__file__).with_name("planted.yaml").read_text(encoding="utf-8"))
ACTIONS = (["create"], ["update"], ["delete"], ["delete", "create"], ["create", "delete"], ["forget"], ["no-op"])


def _found(row: dict[str, Any]) -> list[str]:
    """The classes of the planted change, the worst first."""
    first = change(
        row["type"],
        actions=row.get("actions", ["update"]),
        before=row["before"],
        after=row["after"],
        after_unknown=row.get("unknown", {}),
        importing=row.get("importing"),
        previous_address=row.get("previous", ""),
    )
    beside = row.get("beside")
    others = [change(beside["type"], beside["name"], **beside["change"])] if beside else []
    document = planned([first, *others], {row["type"]: {"x": row.get("written", {})}})
    reasons = classify(document.changes[0], Surroundings.of(document.changes, json.loads(document.stack)))
    return sorted({reason.kind.value for reason in reasons}, key=lambda kind: -limits().rank(ChangeClass(kind)))


@pytest.mark.parametrize("row", PLANTED, ids=[row["says"] for row in PLANTED])
def test_a_planted_change_is_classified_right(row: dict[str, Any]) -> None:
    """Each row of the table is found to be of exactly its classes."""
    assert _found(row) == row["is"]


def test_the_table_plants_every_class() -> None:
    """No class of change is without an example."""
    assert {kind for row in PLANTED for kind in row["is"]} == set(ChangeClass)


def _types() -> list[str]:
    """Every resource type of both organisations, and every one that holds data."""
    golden = (ROOT / "tests" / "golden").glob("*.addresses.txt")
    lines = [line for path in golden for line in path.read_text(encoding="utf-8").splitlines()]
    found = {
        word.partition(".")[0] for line in lines for word in line.split() if word.startswith(("aws_", "terraform_"))
    }
    return sorted(found | set(RETAINED))


def test_every_type_gets_a_class_whatever_is_done_to_it() -> None:
    """Each action on each type of both organisations has a class; what holds data is never destroyed as harmless."""
    types = _types()
    assert len(types) > 200
    for kind, actions in product(types, ACTIONS):
        before = None if actions == ["create"] else {"name": "x"}
        after = None if actions in (["delete"], ["forget"]) else {"name": "x"}
        document = planned([change(kind, actions=actions, before=before, after=after)])
        found = {reason.kind for reason in classify(document.changes[0], Surroundings({}))}
        assert found, (kind, actions)
        assert (ChangeClass.NO_OP in found) == (actions == ["no-op"]), (kind, actions)
        if "delete" in actions:
            assert not found & {ChangeClass.SAFE, ChangeClass.NO_OP}, (kind, actions)
            assert kind not in RETAINED or ChangeClass.DATA_LOSS in found, (kind, actions)
