"""Take a stack that left the YAML out of live/ once nothing of it is left."""

from __future__ import annotations

import argparse

from modules.core.errors import ConfigError


def options(child: argparse.ArgumentParser) -> None:
    del child  # SCAFFOLD


def run(options: argparse.Namespace) -> int:
    raise ConfigError("SCAFFOLD")
