"""List the stacks that a change touches, and those downstream whose inputs may change.

Compares what the working tree makes with what stood where it left --base. Only bytes count: a comment in YAML touches
no stack. `matrix` is what pipelines run, wave by wave (delivery/affected/model.py says its form).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import shared

if TYPE_CHECKING:
    from delivery.affected.model import Affected

FORMATS = (*shared.PAGE_FORMATS, "matrix")


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument("--base", required=True, metavar="REV", help="the branch that the change is for")
    shared.config(child)
    child.add_argument("--out", type=Path, default=Path("live"), metavar="DIR", help="the committed output, if any")
    shared.work(child)
    shared.jobs(child, shared.CORES)
    shared.page_format(child, FORMATS)


def run(options: argparse.Namespace) -> int:
    from delivery.affected.compare import compare
    from delivery.affected.sides import Sides
    from modules.core.errors import ConfigError

    if not options.config.is_dir():
        raise ConfigError(f"--config {options.config} is no folder: name that of the YAML")
    sides = Sides.of(options.config, options.work)
    sides.cache.mkdir(parents=True, exist_ok=True)  # now: what cannot be remembered is not synthesised in vain
    commit = sides.project.commit(options.base)
    base = sides.base(commit, options.out, options.jobs)
    found = compare(base, sides.head(options.out, options.jobs), commit)
    match options.format:
        case "json":
            shared.say(found.model_dump_json(indent=2))
        case "matrix":
            shared.say(found.matrix().model_dump_json())  # one line, as CI systems take values
        case _:
            shared.say(_text(found))
    return 0


def _text(found: Affected) -> str:
    if not found.stacks:
        return f"no stack differs from {found.base[:12]}"
    width = max(len(each.stack) for each in found.stacks)
    lines = [f"wave {each.wave:2}  {each.stack:{width}}  {each.tier:14}  {each.why}" for each in found.stacks]
    own = found.of("changed", "added", "retired", "removed", "orphaned")
    return "\n".join([*lines, f"{len(own)} differ from {found.base[:12]}, {len(found.of('downstream'))} downstream"])
