"""Writes the report: one HTML file that needs nothing else, reads without JavaScript and prints.

Guarantees: equal data gives equal bytes; every value is escaped; the page asks for nothing outside
itself, and its content security policy makes the browser enforce that (the one style and the one
script are allowed by their hashes).
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from policies.report import graph, results, summary
from policies.report.model import ReportData


def write(data: ReportData, target: Path) -> None:
    """Write the report to `target`, whole or not at all; its folder is made when missing."""
    results.write(target, render(data))


def render(data: ReportData) -> str:
    """The report as text."""
    environment = Environment(
        loader=PackageLoader("policies.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(count=_count, seconds=_seconds, plural=_plural, days=_days, grouped=summary.grouped)
    style, script = _asset("report.css"), _asset("report.js")
    return environment.get_template("report.html.j2").render(
        data=data,
        ids={stack.id for stack in data.stacks},
        accounts=summary.accounts(data.root),
        attention=summary.attention(data),
        waivers=summary.waivers(data.findings),
        warning_days=summary.WAIVER_WARNING_DAYS,
        tally=summary.tally,
        graph=graph.layout(data.stacks),
        box=(graph.NODE_WIDTH, graph.NODE_HEIGHT),
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "base-uri 'none'; form-action 'none'",
    )


def _asset(name: str) -> str:
    return (resources.files("policies.report") / "templates" / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """The CSP source expression that allows exactly this inline text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _count(number: int) -> str:
    return f"{number:,}"


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _plural(number: int, noun: str) -> str:
    """`1 stack`, `2 stacks`, `3 policies`."""
    if number == 1:
        return f"1 {noun}"
    ending = f"{noun[:-1]}ies" if noun.endswith("cy") else f"{noun}s"
    return f"{number:,} {ending}"


def _days(days: int) -> str:
    if days < 0:
        return f"ended {_plural(-days, 'day')} ago"
    return f"{_plural(days, 'day')} left" if days else "last day"
