"""Apply the stacks in the order of their graph; what is done is not done again after a failure."""

from __future__ import annotations

import argparse

from delivery.verbs import running, shared


def options(child: argparse.ArgumentParser) -> None:
    running.options(child)
    running.lock_timeout(child)
    child.add_argument("--gate-plan", action="store_true", help="apply only plans that `plan --gate` passed")
    shared.allow_destroy(child)


def run(options: argparse.Namespace) -> int:
    return running.deliver("apply", options).exit_code()
