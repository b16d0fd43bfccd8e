"""Write the pipelines of GitHub Actions or GitLab; with --affected the jobs of one run of them."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import shared

if TYPE_CHECKING:
    from delivery.pipelines.facts import Facts
    from delivery.run_result import RunResult


def options(child: argparse.ArgumentParser) -> None:
    shared.config(child)
    shared.work(child)
    child.add_argument("--out", type=Path, default=Path("live"), metavar="DIR", help="the committed stacks")
    what = child.add_mutually_exclusive_group()
    what.add_argument(
        "--check", action="store_true", help="write nothing; exit 2 with a diff when a file is not current"
    )
    what.add_argument("--affected", type=Path, metavar="FILE", help="print the jobs for what `mlgov affected` wrote")
    what.add_argument(
        "--changing", metavar="JOBS", help="print those jobs of a wave of which the last plan found changes"
    )
    what.add_argument("--changed", action="store_true", help="print the stacks of which the last plan found changes")
    what.add_argument("--plannable", action="store_true", help="print the stacks that the plan role can plan")


def run(options: argparse.Namespace) -> int:
    from delivery.pipelines.facts import Facts
    from environments.graph import StackGraph
    from environments.live import retired
    from environments.load import load

    graph = StackGraph(load(options.config))
    facts = Facts.of(graph, retired(options.out, graph))
    if options.affected:
        return _split(facts, options)
    if options.changing:
        return _changing(options)
    if options.changed:
        return _changed(options)
    if options.plannable:
        return _plannable(options)
    return _pipelines(facts, options)


def _pipelines(facts: Facts, options: argparse.Namespace) -> int:
    from delivery.generated import differences, write
    from delivery.pipelines.render import pipelines

    files = pipelines(facts)
    if not options.check:
        write(Path(), files)
        shared.say("\n".join(files))
        return 0
    found = list(differences(Path(), files))
    for difference in found:
        shared.say(difference)
    shared.say("not current: run `mlgov ci` and commit" if found else "the pipelines are current")
    return shared.EXIT_CONFIGURATION if found else 0


def _split(facts: Facts, options: argparse.Namespace) -> int:
    from delivery.pipelines.render import child
    from delivery.pipelines.split import Split, read
    from environments.manifest import Manifest

    split = Split.of(read(options.affected), Manifest.read(options.out), facts.waves)
    github = facts.settings.host == "github"
    sys.stdout.write(split.outputs(facts.waves) if github else child(facts, split))
    return 0


def _changing(options: argparse.Namespace) -> int:
    from delivery.pipelines.split import changing

    found = changing(options.changing, lambda: _last_plan(options))
    shared.say(f"jobs={json.dumps([asdict(job) for job in found])}")
    return 0


def _changed(options: argparse.Namespace) -> int:
    from environments.selection import SEPARATOR

    shared.say(SEPARATOR.join(stack.id for stack in _last_plan(options).drifted))
    return 0


def _last_plan(options: argparse.Namespace) -> RunResult:
    from delivery.run_result import RunResult
    from delivery.target import Target
    from delivery.workspace import Workspace
    from environments.manifest import Manifest

    space = Workspace.at(options.work, options.out, Manifest.read(options.out), Target("aws"))
    return RunResult.read(space.last("plan"))


def _plannable(options: argparse.Namespace) -> int:
    from delivery.pipelines.split import plannable
    from environments.manifest import Manifest

    shared.say(plannable(Manifest.read(options.out)))
    return 0
