"""Write atlantis.yaml and the server-side repos.yaml from the graph; verify such files by the rules of Atlantis 0.47.

`--guard` is the first step of each workflow in repos.yaml: it refuses what that workflow must not plan or apply.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from delivery.verbs import shared

TIERS = ("foundation", "production", "non-production", "access")


def options(child: argparse.ArgumentParser) -> None:
    shared.config(child)
    child.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the repository")
    what = child.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="write nothing; exit 2 when a committed file is not current")
    what.add_argument("--verify", type=Path, metavar="FILE", help="judge this atlantis.yaml or repos.yaml")
    what.add_argument("--guard", choices=TIERS, help="refuse the project unless it is for this workflow")
    child.add_argument("--server", type=Path, metavar="FILE", help="the repos.yaml that the verified file is sent to")
    child.add_argument("--project", default="", metavar="NAME", help="with --guard: the project")
    child.add_argument("--dir", default="", metavar="DIR", help="with --guard: the project's folder in the repository")
    child.add_argument("--arguments", default="", metavar="TEXT", help="with --guard: what the comment adds")


def run(options: argparse.Namespace) -> int:
    from modules.core.errors import ConfigError

    if options.server and not options.verify:
        raise ConfigError("--server is what a file is verified against: add --verify FILE")
    if (options.project or options.dir or options.arguments) and not options.guard:
        raise ConfigError("--project, --dir and --arguments are what the guard is asked about: add --guard")
    if options.guard and not (options.project and options.dir):
        raise ConfigError("--guard is asked about one project: add --project and --dir")
    if not options.root.is_dir():
        raise ConfigError(f"--root {options.root} is no folder: name the repository's")
    if options.guard:
        return _guarded(options)
    from environments.load import load

    if options.verify:
        return _verified(options)
    from delivery import generated
    from delivery.atlantis import files
    from environments.graph import StackGraph

    texts = files.texts(StackGraph(load(options.config)), options.root)
    if not options.check:
        generated.write(options.root, texts)
        shared.say("\n".join(str(options.root / name) for name in texts))
        return 0
    differences = list(generated.differences(options.root, texts))
    for difference in differences:
        shared.say(difference)
    shared.say("not current: run `mlgov atlantis` and commit" if differences else "Atlantis's files are current")
    return shared.EXIT_CONFIGURATION if differences else 0


def _verified(options: argparse.Namespace) -> int:
    from delivery.atlantis import files
    from environments.load import load

    repository = load(options.config).delivery.repository if options.server else None
    live = options.root if (options.root / "live").is_dir() else None
    problems = files.verified(options.verify, root=live, server_file=options.server, repository=repository)
    for problem in problems:
        shared.say(str(problem))
    shared.say(f"{options.verify}: faults by our reading of Atlantis 0.47: {len(problems)}")
    return shared.EXIT_CONFIGURATION if problems else 0


def _guarded(options: argparse.Namespace) -> int:
    from delivery.atlantis.guard import check

    check(options.root, guard=options.guard, project=options.project, folder=options.dir, arguments=options.arguments)
    return 0
