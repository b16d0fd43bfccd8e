"""Destroy the stacks in reverse order."""

from __future__ import annotations

import argparse

from delivery.verbs import running


def options(child: argparse.ArgumentParser) -> None:
    running.options(child)
    running.lock_timeout(child)
    child.add_argument("--yes-destroy", metavar="ORGANISATION", help="needed on AWS: the organisation's name")


def run(options: argparse.Namespace) -> int:
    return running.deliver("destroy", options).exit_code()
