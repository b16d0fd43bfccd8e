"""Draw the organisation, or its stacks and what each waits for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from delivery.verbs import shared

FORMATS = ("text", "mermaid", "dot", "json", "svg")
PICTURES = frozenset({"mermaid", "dot", "svg"})


def options(child: argparse.ArgumentParser) -> None:
    shared.config(child)
    shared.page_format(child, FORMATS)
    shared.stack(child)
    child.add_argument("--of", choices=("stacks", "organization"), default="stacks", help="what is drawn")
    child.add_argument(
        "--level",
        choices=("account", "stack"),
        help="stacks by account, or each; without it pictures of all stacks are by account, all else is each",
    )
    child.add_argument("--to", type=Path, metavar="FILE", help="write it there, not to standard output")


def run(options: argparse.Namespace) -> int:
    from delivery.pictures.formats import FORMATS as DRAWN
    from delivery.pictures.formats import drawable
    from delivery.run_result import write_atomically
    from environments.graph import StackGraph
    from environments.load import load
    from modules.core.errors import ConfigError

    if options.of == "organization" and (options.stack or options.level):
        raise ConfigError("--of organization: --stack and --level are about stacks; leave them out")
    whole = options.format in PICTURES and options.stack is None
    level = options.level or ("account" if whole else "stack")
    picture = drawable(StackGraph(load(options.config)), of=options.of, level=level, select=options.stack)
    drawn = DRAWN[options.format](picture)
    if options.to:
        write_atomically(options.to, drawn)
    else:
        sys.stdout.write(drawn)
    return 0
