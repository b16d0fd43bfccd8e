"""Lock the schemas of central feature groups: `lock`; tell what a change does to them: `diff OLD NEW`."""

from __future__ import annotations

import argparse
from pathlib import Path

from delivery.verbs import shared


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument("what", choices=("lock", "diff"), help="what to do")
    child.add_argument("names", nargs="*", metavar="DIR", help="diff: two folders of YAML, old and new")
    shared.config(child)


def run(options: argparse.Namespace) -> int:
    return {"lock": _lock, "diff": _diff}[options.what](options)


def _lock(options: argparse.Namespace) -> int:
    from environments.feature_lock import relock
    from modules.core.errors import ConfigError

    if options.names:
        raise ConfigError("`mlgov features lock` takes no folders: name one by --config")
    file, changed = relock(options.config)
    for change in changed:
        shared.say(str(change))
    done = f"{len(changed)} changes locked; commit the file" if changed else "nothing is new"
    shared.say(f"{file.as_posix()}: {done}")
    return 0


def _diff(options: argparse.Namespace) -> int:
    from environments.feature_lock import difference
    from modules.core.errors import ConfigError

    if len(options.names) != 2:
        raise ConfigError("name two folders of YAML: mlgov features diff OLD NEW")
    changed = difference(*map(Path, options.names))
    for change in changed:
        shared.say(f"{change}: a breaking change; {change.remedy}" if change.breaking else str(change))
    return shared.EXIT_CONFIGURATION if any(change.breaking for change in changed) else 0
