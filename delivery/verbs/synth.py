"""Write the Terraform JSON of every stack."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from delivery.verbs import shared

if TYPE_CHECKING:
    from environments.manifest import Manifest


def options(child: argparse.ArgumentParser) -> None:
    shared.config(child)
    shared.out(child)
    shared.stack(child)
    shared.jobs(child, 1)


def run(options: argparse.Namespace) -> int:
    manifest = synthesised(options, options.jobs)
    resources = sum(stack.resources for stack in manifest.stacks)
    shared.say(f"{options.out}: {len(manifest.stacks)} stacks, {resources} resources")
    return 0


def synthesised(options: argparse.Namespace, jobs: int) -> Manifest:
    """The manifest of a fresh synthesis."""
    from environments.build import synthesise

    return synthesise(options.config, options.out, select=options.stack, jobs=jobs)
