"""What a run shows while it goes on and at its end."""

from __future__ import annotations

import io

from rich.console import Console

from delivery.progress import ConsoleReporter, table
from delivery.run_result import Changes, Failure, RunResult, StackResult

APPLIED = StackResult(
    id="one",
    account="a",
    environment="org",
    module="m",
    status="applied",
    seconds=1.5,
    changes=Changes(add=2, replace=1),
)
FAILED = StackResult(
    id="two",
    account="a",
    environment="org",
    module="m",
    status="failed",
    failure=Failure(address="aws_s3_bucket.x[0]", summary="no [bold]", detail="because", advice="mend it"),
    log="logs/two.log",
)


def shown(*, terminal: bool) -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=terminal, color_system=None)
    with ConsoleReporter(console, total=2) as reporter:
        reporter.started("one")
        reporter.step("one", "apply 1/2 working")
        reporter.started("two")
        reporter.finished(APPLIED)
        reporter.finished(FAILED)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_without_a_terminal_each_event_is_a_line() -> None:
    """Start and end of each stack are one line, numbered; a failure adds address, cause, remedy and log."""
    assert shown(terminal=False).splitlines() == [
        "one: started",
        "two: started",
        "[1/2] one: applied, 2 to add, 1 to replace, 1.5 s",
        "[2/2] two: failed",
        "aws_s3_bucket.x[0]: no [bold]",
        "because",
        "To do: mend it",
        "log: logs/two.log",
    ]


def test_a_terminal_keeps_the_finished_stacks() -> None:
    """The live part vanishes, the lines of finished stacks stay."""
    text = shown(terminal=True)
    assert "[1/2] one: applied" in text
    assert "one: started" not in text


def test_the_table_has_a_row_for_each_stack() -> None:
    """Status, counts and, for a failure, address, cause and log stand in the row; text is never markup."""
    result = RunResult(
        verb="apply", organization="acme", target="aws", select=None, started="", seconds=2, stacks=(APPLIED, FAILED)
    )
    console = Console(file=io.StringIO(), width=200, color_system=None)
    console.print(table(result))
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "2 to add, 1 to replace" in text
    assert "aws_s3_bucket.x[0] no [bold]; log: logs/two.log" in text
