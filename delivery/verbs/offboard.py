"""Show how a team or data domain leaves: every stage with its edit, its stacks and what people do."""

from __future__ import annotations

import argparse
import sys

from delivery.verbs import shared


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument("kind", choices=("team", "domain"), help="what leaves")
    child.add_argument("name", metavar="NAME", help="what it is called, as its file is")
    shared.config(child)
    shared.page_format(child)


def run(options: argparse.Namespace) -> int:
    from environments.offboarding.plan import plan
    from environments.offboarding.text import text

    leaving = plan(options.config, options.kind, options.name)
    sys.stdout.write(leaving.model_dump_json(indent=2) + "\n" if options.format == "json" else text(leaving))
    return 0
