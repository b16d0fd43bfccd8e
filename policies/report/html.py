"""Writes the report: one HTML file that needs nothing else, reads without JavaScript and prints.

Guarantees: equal data gives equal bytes; every value is escaped; the page asks for nothing outside
itself, and its content security policy makes the browser enforce that (the one style and the one
script are allowed by their hashes).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from policies.catalog_page import AREAS
from policies.catalogue import FRAMEWORKS, KINDS, PROPOSED
from policies.report import frameworks, graph, results, sequence, summary
from policies.report.findings import SEVERITIES
from policies.report.model import Mark, ReportData

STYLES = ("report.css", "coverage.css", "print.css")
SCRIPTS = ("page.js", "graph.js", "stacks.js", "coverage.js", "search.js")


@dataclass(frozen=True, slots=True)
class Sign:
    """How a mark looks without its colour, and what it means."""

    shape: str
    word: str
    text: str


SIGNS: Mapping[Mark, Sign] = {
    Mark.FAILED: Sign("✖", "failed", "a resource breaks a policy"),
    Mark.MISSING: Sign("△", "missing", "asked for here, and nothing carries it"),
    Mark.WAIVED: Sign("◐", "waived", "a breach is excepted until a date"),
    Mark.CARRIED: Sign("●", "carried", "in force here"),
    Mark.UNUSED: Sign("○", "unused", "nothing here asks for it"),
    Mark.NONE: Sign("\N{EN DASH}", "no point", "the control has none of this kind, for a written reason"),
}


def write(data: ReportData, target: Path) -> None:
    """Write the report to `target`, whole or not at all; its folder is made when missing."""
    results.write(target, render(data))


def render(data: ReportData) -> str:
    """The report as text."""
    origins = {account.name: account.origins for account in data.matrix.accounts}
    style, script = "".join(map(_asset, STYLES)), "".join(map(_asset, SCRIPTS))
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            data=data,
            ids={stack.id for stack in data.stacks},
            accounts_of={stack.id: stack.account for stack in data.stacks},
            origins={stack.id: origins.get(stack.account, ()) for stack in data.stacks},
            controls={view.control.id for view in data.matrix.controls},
            columns={account.name: number for number, account in enumerate(data.matrix.accounts)},
            areas=AREAS,
            kinds=KINDS,
            severities=SEVERITIES,
            frameworks=FRAMEWORKS,
            proposed=PROPOSED,
            served=frameworks.served(data.frameworks),
            signs=SIGNS,
            accounts=summary.accounts(data.root),
            attention=summary.attention(data),
            waivers=summary.waivers(data.findings),
            warning_days=summary.WAIVER_WARNING_DAYS,
            tally=summary.tally,
            graph=graph.layout(data.stacks),
            sequence=sequence.layout,
            box=(graph.NODE_WIDTH, graph.NODE_HEIGHT),
            style=Markup(style),
            script=Markup(script),
            policy=f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
            "base-uri 'none'; form-action 'none'",
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("policies.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        count=_count,
        seconds=_seconds,
        plural=_plural,
        days=_days,
        grouped=summary.grouped,
        controls_of=frameworks.controls_of,
        tallied=frameworks.tallied,
    )
    return environment


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
