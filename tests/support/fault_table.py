"""docs/faults.md: the faults that are tried, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support.release_faults import Row

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
_HEAD = """# What goes wrong with a release, and what comes of it

Written by `tests/e2e/test_release_faults.py --update-golden`, and compared with each of its runs: the small
organisation is applied to the embedded AWS, a fault is injected, and the functions that were applied run on the events
that came of it. In every row each version has one central copy and one execution of its pipeline at most, and in the
end nothing waits anywhere. `copies` and `releases` count those of the versions of the row, after the copies that nobody
had decided on were approved. Queues' alarms, and who hears of them, are read from the stacks.

| fault | injected | result |
|---|---|---|
"""


def page(rows: Iterable[Row], results: Mapping[str, str]) -> str:
    """The page, from what runs saw; a row that none has seen is left out."""
    seen = [row for row in rows if row.name in results]
    return _HEAD + "".join(f"| {row.name} | {row.injected} | {results[row.name]} |\n" for row in seen)


def told(text: str) -> dict[str, str]:
    """The results in a page, by the fault."""
    cells = (line.strip("|").split(" | ") for line in text.removeprefix(_HEAD).splitlines())
    return {name.strip(): result.strip() for name, _, result in cells}
