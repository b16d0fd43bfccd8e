"""The `mlgov` command. Without a verb it synthesises, which is what cdktf.json calls.

A verb is a file of `delivery/verbs/`. Exit codes: 0 good, 2 configuration, 3 policy gate, 4 Terraform, 5 internal,
130 interrupted, as shells count SIGINT.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from delivery.verbs import (
    access,
    affected,
    apply,
    atlantis,
    bootstrap,
    check,
    ci,
    controls,
    cost,
    demo,
    destroy,
    drift,
    emulator,
    evidence,
    features,
    gate,
    graph,
    new,
    offboard,
    passport,
    plan,
    redrive,
    report,
    retire,
    review,
    synth,
    waive,
)

# In the order in which a newcomer meets them.
VERBS = (
    check,
    graph,
    features,
    new,
    offboard,
    synth,
    affected,
    gate,
    waive,
    bootstrap,
    plan,
    review,
    apply,
    destroy,
    drift,
    retire,
    atlantis,
    ci,
    controls,
    access,
    redrive,
    report,
    cost,
    evidence,
    passport,
    demo,
    emulator,
)
EXIT_CONFIGURATION, EXIT_INTERNAL, EXIT_INTERRUPTED = 2, 5, 130


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_CONFIGURATION, f"mlgov: {message}; see `{self.prog} --help`\n")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = _Parser(
        prog="mlgov",
        description="A governed, multi-account Amazon SageMaker platform: YAML in, gated Terraform out.",
        epilog="Exit codes: 0 good, 2 configuration, 3 policy gate, 4 Terraform, 5 internal error, 130 Ctrl-C.",
    )
    verbs = top.add_subparsers(metavar="VERB", required=True)
    for verb in VERBS:
        text = (verb.__doc__ or "").partition("\n")[0]
        name = verb.__name__.rpartition(".")[2]
        child = verbs.add_parser(
            name, help=text, description=text, formatter_class=argparse.ArgumentDefaultsHelpFormatter
        )
        child.set_defaults(run=verb.run)
        verb.options(child)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Only errors that are not the user's show a traceback."""
    _open_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parser().parse_args(given or ["synth"])
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: what was not finished is not done; run it again\n")
        code = EXIT_INTERRUPTED
    except Exception as error:
        code = _told(error)
    return code


def _open_streams() -> None:
    """Give each stream that the caller closed (`>&-`) somewhere to go: Python has None for it, which has no `write`."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole process


def _told(error: Exception) -> int:
    """Tell the error; returns its exit code. Our errors carry one, with a sentence for the user.

    A place that the system does not let us read or write is an option's fault: none is within the program.
    """
    code = getattr(error, "exit_code", None)
    if isinstance(code, int):
        sys.stderr.write(f"{error}\n")
        return code
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the rest is written there once more
        sys.stderr.write("standard output was closed before all was written\n")
        return EXIT_CONFIGURATION
    if isinstance(error, OSError) and error.filename is not None:  # without a file it is no place that a user names
        place = error.filename2 or error.filename
        sys.stderr.write(f"{place} cannot be read or written ({error.strerror}): mend that, or name another place\n")
        return EXIT_CONFIGURATION
    traceback.print_exception(error)
    sys.stderr.write("mlgov: internal error; please report it with the lines above\n")
    return EXIT_INTERNAL


if __name__ == "__main__":
    sys.exit(main())
