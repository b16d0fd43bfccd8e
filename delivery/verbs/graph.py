"""Show the stacks and what each waits for."""

from __future__ import annotations

import argparse
import sys

from delivery.verbs import shared

FORMATS = ("text", "mermaid", "dot", "json")


def options(child: argparse.ArgumentParser) -> None:
    shared.config(child)
    shared.page_format(child, FORMATS)


def run(options: argparse.Namespace) -> int:
    from environments.drawing import FORMATS as DRAWN
    from environments.graph import StackGraph
    from environments.load import load

    sys.stdout.write(DRAWN[options.format](StackGraph(load(options.config))))
    return 0
