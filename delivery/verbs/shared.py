"""The options that verbs share, and what they all say to the user with."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

CORES = os.cpu_count() or 1
TERRAFORMS = min(5 * CORES, 12)  # a Terraform mostly waits for AWS, and takes 0.7 GB
DEFAULT_CONFIG, SMALL_CONFIG = Path("environments"), Path("examples/small")
DEFAULT_ENDPOINT = "http://127.0.0.1:5000"
PAGE_FORMATS = ("text", "json")
EXIT_CONFIGURATION, EXIT_GATE = 2, 3


def say(line: str) -> None:
    """One line for the user."""
    sys.stdout.write(line + "\n")


def today() -> date:
    """The day of the run, in UTC. What depends on it is given it."""
    return datetime.now(UTC).date()


class _Globs(argparse.Action):
    """Puts the globs of all `--stack` together (environments/selection.py)."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        given = getattr(namespace, self.dest)
        setattr(namespace, self.dest, f"{given},{values}" if given else values)


def config(child: argparse.ArgumentParser) -> None:
    """The folder of the YAML."""
    child.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="DIR", help="the YAML")


def out(child: argparse.ArgumentParser) -> None:
    """The folder of the synthesised stacks."""
    child.add_argument("--out", type=Path, default=default_out(), metavar="DIR", help="the synthesised stacks")


def default_out() -> Path:
    """Where the stacks are when no option says so. The cdktf CLI says in CDKTF_OUTDIR where it will look."""
    return Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out"))


def work(child: argparse.ArgumentParser) -> None:
    """The folder of runs, logs and results."""
    child.add_argument("--work", type=Path, default=Path(".mlgov"), metavar="DIR", help="runs, logs, results")


def stack(child: argparse.ArgumentParser) -> None:
    """Which stacks."""
    child.add_argument("--stack", action=_Globs, metavar="GLOB", help="only stacks whose id matches; may be repeated")


def jobs(child: argparse.ArgumentParser, default: int) -> None:
    """How many at once."""
    child.add_argument("--jobs", type=positive, default=default, metavar="N", help="how many at once")


def waivers(child: argparse.ArgumentParser) -> None:
    """The file of waivers."""
    child.add_argument("--waivers", type=Path, default=Path("policies/waivers.yaml"), metavar="FILE")


def page_format(child: argparse.ArgumentParser, formats: Sequence[str] = PAGE_FORMATS) -> None:
    """How it is written; the first is the default."""
    child.add_argument("--format", choices=formats, default=formats[0])


def emulated(child: argparse.ArgumentParser) -> None:
    """The embedded AWS instead of AWS."""
    child.add_argument(
        "--emulated",
        nargs="?",
        const=DEFAULT_ENDPOINT,
        metavar="URL",
        help=f"work on a running emulator (see `mlgov emulator`) instead of AWS; without URL {DEFAULT_ENDPOINT}",
    )


def allow_destroy(child: argparse.ArgumentParser) -> None:
    """Named resources that may be destroyed although they hold data."""
    child.add_argument(
        "--allow-destroy",
        action="append",
        default=[],
        metavar="STACK:ADDRESS",
        help="let the run destroy this resource although it holds data; may be given several times",
    )


def sha256(text: str) -> str:
    """The value of an option that is a SHA-256, in lower case."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no SHA-256: it has 64 hexadecimal digits")
    return text.lower()


def natural(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
