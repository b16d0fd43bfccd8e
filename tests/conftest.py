"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

import modules  # noqa: F401 - before any test imports cdktf: it prepares the lean start of jsii
from tests.support.organisations import Synthesised, synthesised


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` rewrites the golden lists from what is synthesised now."""
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


# Files whose tests look at one applied organisation, which takes minutes to apply.
ONE_WORLD = (
    "tests/e2e/test_main_job.py",
    "tests/e2e/test_release_builds.py",
    "tests/e2e/test_release_faults.py",
    "tests/e2e/test_release_flow.py",
    "tests/e2e/test_what_is_seen.py",
    "tests/e2e/test_pull_request.py",  # last: it changes what stands there
)

# Files that take more than a minute otherwise, the longest first: begun last, one would keep the run waiting alone.
LONG = (
    "tests/e2e/test_leaving.py",
    "tests/e2e/test_large_organisation.py",
    "tests/policies/outputs/test_reference.py",
    "tests/delivery/pipelines/test_check_job.py",
    "tests/e2e/test_adoption.py",
    "tests/policies/test_command_line.py",
    "tests/delivery/drift/test_look.py",
)


class OneWorker(LoadFileScheduling):
    """A file's tests go to one worker, and so do those of all files in `ONE_WORLD`."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return ONE_WORLD[0] if file in ONE_WORLD else file


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits longest comes first, in the order given: the other workers have all else to do meanwhile."""
    order = {file: number for number, file in enumerate((*ONE_WORLD, *LONG))}
    items.sort(key=lambda item: order.get(item.nodeid.partition("::")[0], len(order)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneWorker | None:
    """With `--dist loadfile`."""
    return OneWorker(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session", name="shared")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of the run see."""
    own = tmp_path_factory.getbasetemp()
    # Each worker of pytest-xdist has its folder below the run's.
    return own.parent if own.name.startswith("popen-") else own


@pytest.fixture(scope="session", name="synthesised")
def _synthesised(shared: Path) -> Synthesised:
    """The synthesis of an organisation of this repository, made once for all workers. Read it, never write there."""
    return lambda name: synthesised(name, shared)
