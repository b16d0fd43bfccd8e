"""Plan all stacks and report, by stack and owner, what differs from what was applied."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import running, shared
from modules.core.errors import ConfigError

if TYPE_CHECKING:
    from delivery.drift.model import DriftResult
    from environments.manifest import Manifest

FORMATS = ("text", "markdown", "json", "asff")
ROLE = "security-tooling"  # Security Hub is delegated to the account with this role


def options(child: argparse.ArgumentParser) -> None:
    running.options(child)
    shared.page_format(child, FORMATS)
    child.add_argument("--to", type=Path, metavar="PATH", help="write to this file; with asff to this folder")
    child.add_argument("--last", action="store_true", help="plan nothing: tell once more what the last run found")
    child.add_argument("--account", type=_account, metavar="ID", help="asff: the account that imports the findings")


def run(options: argparse.Namespace) -> int:
    from environments.manifest import Manifest

    manifest = Manifest.read(options.out)
    account = _importer(manifest, options) if options.format == "asff" else ""
    result = _last(manifest, options) if options.last else _look(manifest, options)
    _tell(result, account, options)
    return result.exit_code


def _look(manifest: Manifest, options: argparse.Namespace) -> DriftResult:
    from rich.console import Console

    from delivery.drift.look import look
    from delivery.progress import ConsoleReporter
    from delivery.terraform import selected

    # Standard output is for the page alone.
    with ConsoleReporter(Console(stderr=True), len(selected(manifest, options.stack, "plan"))) as reporter:
        return look(
            manifest,
            options.out,
            target=running.target(options),
            work=options.work,
            reporter=reporter,
            select=options.stack,
            jobs=options.jobs,
        )


def _last(manifest: Manifest, options: argparse.Namespace) -> DriftResult:
    from delivery.drift.model import DriftResult
    from delivery.target import Target
    from delivery.workspace import Workspace

    if options.stack:
        raise ConfigError("--last tells of the last run as it was: leave out --stack")
    target = Target("emulated" if options.emulated else "aws")
    path = Workspace.at(options.work, options.out, manifest, target).last("drift")
    found = DriftResult.read(path)
    if found is None:
        raise ConfigError(f"{path}: there was no run yet; leave out --last")
    return found


def _tell(result: DriftResult, account: str, options: argparse.Namespace) -> None:
    import json

    from delivery.drift import asff, pages
    from delivery.run_result import write_atomically

    if options.format == "asff":
        found = asff.findings(result, account)
        if options.to:
            for path in asff.write(found, options.to):
                shared.say(str(path))
        else:
            for batch in asff.batches(found):
                shared.say(json.dumps(batch))
        return
    if options.format == "json":
        page = result.model_dump_json(indent=2) + "\n"
    else:
        page = pages.markdown(result) if options.format == "markdown" else pages.text(result)
    if options.to:
        write_atomically(options.to, page)
    else:
        shared.say(page.rstrip("\n"))


def _importer(manifest: Manifest, options: argparse.Namespace) -> str:
    """The id of the account that imports the findings: as given, else as YAML pins it."""
    if options.account:
        return str(options.account)
    pinned = [account.id for account in manifest.organization.accounts if ROLE in account.roles and account.id]
    if not pinned:
        raise ConfigError(
            f"Which account imports the findings? AWS assigns the id of the one with the role {ROLE}: "
            "name it by `--account ID`"
        )
    return pinned[0]


def _account(text: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no account id: it has 12 digits")
    return text
