"""List the stacks that a change touches, and those downstream whose inputs may change."""

from __future__ import annotations

import argparse

from modules.core.errors import ConfigError


def options(child: argparse.ArgumentParser) -> None:
    del child  # SCAFFOLD


def run(options: argparse.Namespace) -> int:
    raise ConfigError("SCAFFOLD")
