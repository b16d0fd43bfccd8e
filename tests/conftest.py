"""What all tests share."""

from __future__ import annotations

import pytest

import modules  # noqa: F401 - before any test imports cdktf: it prepares the lean start of jsii


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` rewrites the golden lists from what is synthesised now."""
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")
