"""What goes wrong on the way of a version to its release, and what comes of it: docs/faults.md is what this run saw."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.world import World
from tests.support.fault_table import PAGE, page, told
from tests.support.flow import Flow
from tests.support.function_process import archives
from tests.support.release_fault_rows import ROWS
from tests.support.release_faults import Row, Scene, end
from tests.support.release_story import Story

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module", name="scene")
def _scene(world: World) -> Iterator[Scene]:
    places = {name: world.id(name) for name in ("workload", "platform")}
    with Flow(world.environment, archives(world.out), list(places.values())) as flow:
        flow.settle()  # what other tests left
        # Versions are numbered by what lies in the bucket already.
        yield Scene(world, Story(flow, places["workload"], places["platform"], builds=1000), places)


@pytest.fixture(scope="module", name="results")
def _results(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    found: dict[str, str] = {}
    yield found
    if request.config.getoption("--update-golden"):
        before = told(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
        PAGE.write_text(page(ROWS, before | found), encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_a_fault_loses_nothing_and_releases_nothing_twice(
    scene: Scene, row: Row, results: dict[str, str], request: pytest.FixtureRequest
) -> None:
    """It converges, or waits in a queue that has an alarm and comes back from there; the page says what was seen."""
    scene.dismiss(*scene.waiting())  # what a row left that failed
    results[row.name] = end(scene, row)
    if not request.config.getoption("--update-golden"):
        said = told(PAGE.read_text(encoding="utf-8")).get(row.name)
        assert said == results[row.name], "run this file with --update-golden, and read what changed in docs/faults.md"


def test_what_waits_is_told_to_people(scene: Scene) -> None:
    """Every queue in which something waits has an alarm, whose topic somebody has subscribed."""
    assert {row.queue for row in ROWS} - {""} <= scene.alarms.keys()
