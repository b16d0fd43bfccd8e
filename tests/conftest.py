"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

import modules  # noqa: F401 - before any test imports cdktf: it prepares the lean start of jsii
from tests.support.organisations import Synthesised, synthesised


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` rewrites the golden lists from what is synthesised now."""
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


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
