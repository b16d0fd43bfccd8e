"""Every verb with its arguments and defaults, from the parser of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import main
from docs.site.table import GENERATED, code, table

_CODES = (
    ("0", "good"),
    ("2", "configuration: the YAML, an option, a file that cannot be read or written, a generated file out of date"),
    ("3", "the policy gate, a review, evidence or a passport: something is not met, or could not be judged"),
    ("4", "Terraform: missing, or a run that did not end well"),
    ("5", "internal error: please report it"),
    ("130", "Ctrl-C before it was done; what was written is whole"),
)


def text(_root: Path) -> str:
    """The page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield GENERATED.format(source="the command line itself")
    yield ""
    yield "## Exit codes"
    yield ""
    yield from table(("code", "meaning"), _CODES)
    yield "No other code is used; a verb says in its description what it means by one."
    yield ""
    for name, verb in _verbs(main.parser()):
        yield from _verb(f"mlgov {name}", verb)


def _verb(name: str, verb: argparse.ArgumentParser) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    if verb.description:
        yield from (verb.description, "")
    rows = [
        (_argument(action), _default(action), (action.help or "").replace("%%", "%"))
        for action in verb._actions  # argparse has no public way to read what it was told
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)
    ]
    if rows:
        yield from table(("argument", "default", "what it does"), rows)
    for below, child in _verbs(verb):
        yield from _verb(f"{name} {below}", child)


def _verbs(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _argument(action: argparse.Action) -> str:
    choices = ", ".join(map(str, action.choices)) if action.choices else None
    if not action.option_strings:
        return code(f"{action.metavar or choices or action.dest.upper()}{'...' if action.nargs in ('*', '+') else ''}")
    if action.nargs == 0:
        return code(action.option_strings[-1])
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    return f"{code(f'{action.option_strings[-1]} {choices or value}')}"


def _default(action: argparse.Action) -> str:
    if action.required and (action.option_strings or action.nargs not in ("?", "*")):
        return "required"
    if action.dest == "jobs" and action.default != 1:
        return "by the machine's processors"
    unset = action.default in (None, [], (), "", False, argparse.SUPPRESS)
    return "" if unset else code(str(action.default))
