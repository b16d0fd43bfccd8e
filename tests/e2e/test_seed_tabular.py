"""The seed repository `build-tabular`, as a team gets it, passes what its own stage Test asks of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.seeds import run, seed_repository

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module", name="repository")
def _repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed_repository("build-tabular", tmp_path_factory.mktemp("seed") / "demo")


def test_the_repository_is_clean(repository: Path) -> None:
    """ruff and mypy, strict, by its own settings."""
    run(repository, "ruff", "check", "--no-cache", ".")
    run(repository, "ruff", "format", "--no-cache", "--check", ".")
    run(repository, "mypy", "ml_pipeline", "steps")


def test_the_repository_passes_its_own_tests(repository: Path) -> None:
    """Pipeline by the real SDK; prepare, train and evaluate on small tables; neither AWS nor a network."""
    assert " passed" in run(repository, "python", "-m", "pytest")
