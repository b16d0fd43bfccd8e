"""Show a run while it goes on: running stacks live on a terminal, one line per event elsewhere; a table at the end."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from delivery.run_result import Changes, RunResult, StackResult, Status

_STYLE: dict[Status, str] = {
    "applied": "green",
    "unchanged": "green",
    "planned": "yellow",
    "destroyed": "yellow",
    "failed": "bold red",
    "blocked": "red",
    "done-before": "green",
    "interrupted": "magenta",
}


class ConsoleReporter:
    """A `Reporter` on a rich console; a context manager. On a terminal the running stacks are redrawn in place."""

    def __init__(self, console: Console, total: int) -> None:
        self._console, self._total = console, total
        self._running: dict[str, tuple[float, str]] = {}
        self._finished = 0
        self._mutex = threading.Lock()
        live = console.is_terminal
        self._live = Live(console=console, get_renderable=self._table, transient=True) if live else None

    def __enter__(self) -> ConsoleReporter:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def started(self, stack_id: str) -> None:
        with self._mutex:
            self._running[stack_id] = (time.monotonic(), "")
        if self._live is None:
            self._console.print(f"{stack_id}: started", highlight=False, markup=False)

    def step(self, stack_id: str, text: str) -> None:
        with self._mutex:
            if stack_id in self._running:
                self._running[stack_id] = (self._running[stack_id][0], text)

    def finished(self, result: StackResult) -> None:
        with self._mutex:
            self._running.pop(result.id, None)
            self._finished += 1
            number = self._finished
        self._console.print(f"[{number}/{self._total}] ", _line(result), sep="", markup=False, highlight=False)

    def _table(self) -> Table:
        with self._mutex:
            running = sorted(self._running.items())
        table = Table.grid(padding=(0, 2))
        for stack_id, (began, text) in running:
            table.add_row(stack_id, f"{time.monotonic() - began:.0f} s", Text(text, overflow="ellipsis", no_wrap=True))
        return table


def _line(result: StackResult) -> Text:
    text = Text(f"{result.id}: ")
    text.append(result.status, style=_STYLE[result.status])
    for part in (_counts(result.changes), f"{result.seconds} s" if result.seconds else "", result.note):
        if part:
            text.append(f", {part}")
    if result.failure:
        text.append(f"\n{result.failure.describe()}\nlog: {result.log}")
    return text


def table(result: RunResult) -> Table:
    """The run as a table, one row per stack."""
    made = Table(title=f"{result.verb} of {result.organization} ({result.target}), {result.seconds} s")
    for heading in ("stack", "status", "resources", "changes", "seconds", "note"):
        made.add_column(heading, justify="right" if heading in ("resources", "seconds") else "left", overflow="fold")
    for stack in result.stacks:
        made.add_row(
            stack.id,
            f"[{_STYLE[stack.status]}]{stack.status}[/]",
            str(stack.resources),
            _counts(stack.changes),
            str(stack.seconds),
            escape(_remark(stack)),
        )
    return made


def _counts(changes: Changes | None) -> str:
    if changes is None:
        return ""
    counts = {
        "adopt": changes.adopt,
        "add": changes.add,
        "change": changes.change,
        "destroy": changes.destroy,
        "replace": changes.replace,
    }
    return ", ".join(f"{count} to {name}" for name, count in counts.items() if count) or "no changes"


def _remark(stack: StackResult) -> str:
    if stack.failure is None:
        return stack.note
    return f"{stack.failure.address} {stack.failure.summary}; log: {stack.log}".strip()
