"""Write the Terraform JSON of every stack; with --live by environment and account, to be committed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import shared

if TYPE_CHECKING:
    from environments.manifest import Manifest

NAMED = 10  # files that are named; of the others there is the number


def options(child: argparse.ArgumentParser) -> None:
    shared.config(child)
    child.add_argument(
        "--out", type=Path, metavar="DIR", help=f"where to write; without it {shared.default_out()}, with --live live"
    )
    shared.work(child)
    shared.stack(child)
    shared.jobs(child, 1)
    child.add_argument("--live", action="store_true", help="lay the stacks out to be committed (ADR 40)")
    child.add_argument("--check", action="store_true", help="with --live: write nothing, exit 2 when it is not current")
    child.add_argument(
        "--lock", action="store_true", help="with --live: ask Terraform for the providers' hashes, and lock every stack"
    )


def run(options: argparse.Namespace) -> int:
    from modules.core.errors import ConfigError

    if (options.check or options.lock) and not options.live:
        raise ConfigError("--check and --lock are about what is committed: add --live")
    if options.check and (options.lock or options.stack):
        raise ConfigError("--check looks at all stacks and writes nothing: leave --lock and --stack out")
    if options.live:
        return _live(options)
    options.out = options.out or shared.default_out()
    _say(options.out, synthesised(options, options.jobs))
    return 0


def synthesised(options: argparse.Namespace, jobs: int) -> Manifest:
    """The manifest of a fresh synthesis."""
    from environments.build import synthesise

    return synthesise(options.config, options.out, select=options.stack, jobs=jobs)


def _live(options: argparse.Namespace) -> int:
    from environments import live
    from environments.layout import LIVE
    from environments.manifest import Manifest

    out, remember = options.out or Path(LIVE), _remembering(options)
    if options.check:
        lines = live.stale(options.config, out, jobs=options.jobs)
        if not lines:
            remember(Manifest.parse(out))
        return _checked(out, lines)
    written = live.write(options.config, out, select=options.stack, jobs=options.jobs)
    remember(written.manifest)
    _say(out, written.manifest)
    if retired := tuple(entry.id for entry in written.manifest.stacks if entry.retired):
        shared.say(f"left the YAML; apply, then `mlgov retire`: {_listed(retired)}")
    if written.closed:
        shared.say(f"left out, as their accounts are closed: {_listed(written.closed)}")
    if written.kept:
        shared.say(f"left alone, as mlgov did not write it: {_listed(written.kept)}")
    if options.lock:
        _lock(options.config, out, written.manifest)
    elif not (options.config / live.LOCK_SOURCE).is_file():
        shared.say("no stack has a lock file: `mlgov synth --live --lock` asks Terraform for one")
    return 0


def _remembering(options: argparse.Namespace) -> Callable[[Manifest], None]:
    """What keeps a whole synthesis for `mlgov affected`, which then need not make it again."""
    from delivery.affected.sides import Sides
    from modules.core.errors import ConfigError

    try:
        sides = Sides.of(options.config, options.work)
    except ConfigError:  # of no git repository: there is no revision to compare with
        return lambda manifest: None
    key = sides.key()  # before it begins, so that what is edited meanwhile is not taken for it
    return lambda manifest: None if options.stack else sides.remember(key, manifest)


def _checked(out: Path, lines: list[str]) -> int:
    if not lines:
        shared.say(f"{out}: current")
        return 0
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.write(f"{out} is not what the YAML says: run `mlgov synth --live`, and commit what it writes\n")
    return shared.EXIT_CONFIGURATION


def _lock(config: Path, out: Path, manifest: Manifest) -> None:
    from delivery.provider_lock import locked
    from delivery.run_result import write_atomically
    from environments import live

    found = locked(manifest, out, old=config / live.LOCK_SOURCE)
    write_atomically(config / live.LOCK_SOURCE, found.text)
    live.place_lock(config, out, manifest)
    shared.say(f"{config / live.LOCK_SOURCE}: locked for {', '.join(found.platforms)}")
    for platform, why in found.missing.items():
        shared.say(f"nothing new for {platform}: without a hash from before `terraform init` fails there ({why})")


def _say(out: Path, manifest: Manifest) -> None:
    resources = sum(stack.resources for stack in manifest.stacks)
    shared.say(f"{out}: {len(manifest.stacks)} stacks, {resources} resources")


def _listed(paths: tuple[str, ...]) -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(paths[:NAMED]) + more
