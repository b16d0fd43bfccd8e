"""Price what the synthesised stacks cost a month while nobody uses them.

`mlgov cost` shows it by environment, module, account and stack; `mlgov cost diff OLD NEW` what a change adds, from two
folders of stacks; `mlgov cost endpoints` what central interface endpoints cost beside local ones.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.verbs import shared

if TYPE_CHECKING:
    from environments.manifest import Manifest
    from policies.cost.bill import Bill

FORMATS = ("text", "markdown", "json", "csv")
VIEWS = ("environment", "module", "account", "stack", "price")


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument("what", nargs="?", choices=("show", "diff", "endpoints"), default="show", help="what to show")
    child.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="diff: stacks before and after")
    shared.out(child)
    shared.stack(child)
    shared.page_format(child, FORMATS)
    child.add_argument("--by", choices=VIEWS, help="one table alone; without it each but price")


def run(options: argparse.Namespace) -> int:
    from policies.errors import CostError

    if len(options.folders) != (2 if options.what == "diff" else 0):
        raise CostError("`mlgov cost diff OLD NEW` takes two folders of stacks; `--out` names the one of the others")
    page = {"show": _show, "diff": _diff, "endpoints": _endpoints}[options.what]
    sys.stdout.write(page(options))
    return 0


def _show(options: argparse.Namespace) -> str:
    from policies.cost.pages import bill_page
    from policies.cost.prices import shipped
    from policies.errors import CostError

    manifest, found = _billed(options.out, options.stack)
    if options.stack and not found.places:
        raise CostError(f"no stack in {options.out} matches {options.stack}")
    views = [options.by] if options.by else list(VIEWS[:4])
    # Of a part of the stacks no envelope tells anything.
    envelopes = {} if options.stack else manifest.idle_usd_per_month
    return bill_page(found, shipped(), envelopes, shared.today(), form=options.format, views=views)


def _diff(options: argparse.Namespace) -> str:
    from policies.cost.diff import changes
    from policies.cost.pages import diff_page
    from policies.errors import CostError

    if options.by:
        raise CostError("`mlgov cost diff` tells changes by stack and price: leave --by out")
    (_, old), (_, new) = (_billed(folder, options.stack) for folder in options.folders)
    if options.stack and not old.places and not new.places:  # in one of both alone: it comes or goes
        raise CostError(f"no stack in {' and '.join(map(str, options.folders))} matches {options.stack}")
    return diff_page(changes(old, new), old, new, form=options.format)


def _endpoints(options: argparse.Namespace) -> str:
    from policies.cost.endpoints import compare
    from policies.cost.pages import endpoints_page
    from policies.cost.prices import shipped
    from policies.cost.world import World
    from policies.errors import CostError

    if options.stack or options.by:
        raise CostError("`mlgov cost endpoints` compares all stacks: leave --stack and --by out")
    manifest, documents = _read(options.out)
    found = compare(World(manifest.model_dump(mode="json"), documents), shipped())
    return endpoints_page(found, shipped(), shared.today(), form=options.format)


def _billed(out: Path, select: str | None) -> tuple[Manifest, Bill]:
    """The manifest there and the bill of the selected stacks; all are priced, as rules count over all."""
    from environments.selection import matches
    from policies.cost.bill import bill
    from policies.cost.prices import shipped

    manifest, documents = _read(out)
    found = bill(manifest.model_dump(mode="json"), documents, shipped())
    if select:
        found = found.only(lambda place: matches(place.stack, select))
    return manifest, found


def _read(out: Path) -> tuple[Manifest, dict[str, Any]]:
    from environments.manifest import Manifest

    manifest = Manifest.read(out)
    return manifest, manifest.documents(out)
