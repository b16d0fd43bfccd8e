"""Show the control catalogue, one control, or which of its points the synthesis really carries (exit 2: gaps)."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from delivery.verbs import gate, shared

if TYPE_CHECKING:
    from environments.manifest import Manifest
    from policies.catalogue import Catalogue
    from policies.coverage import Coverage


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument(
        "what", choices=("list", "show", "coverage"), help="the catalogue, one control, or what carries it"
    )
    child.add_argument("id", nargs="?", default="", metavar="ID", help="the control to show, such as SM-01")
    shared.out(child)
    shared.work(child)
    shared.page_format(child, (*shared.PAGE_FORMATS, "csv"))


def run(options: argparse.Namespace) -> int:
    from policies.catalogue import shipped
    from policies.errors import CatalogueError
    from policies.report import controls as pages

    catalogue = shipped()
    if options.format == "csv" and options.what != "coverage":
        raise CatalogueError("only coverage is a matrix: use `mlgov controls coverage --format csv`")
    if bool(options.id) != (options.what == "show"):
        raise CatalogueError("name one control to show it, and none else: `mlgov controls show SM-01`")
    if options.what == "coverage":
        return _coverage(catalogue, options)
    chosen = list(catalogue.controls.values()) if options.what == "list" else [catalogue.control(options.id)]
    if options.format == "json":
        shared.say(pages.as_json(chosen))
    else:
        sys.stdout.write(pages.listed(chosen) if options.what == "list" else pages.shown(chosen[0]))
    return 0


def _coverage(catalogue: Catalogue, options: argparse.Namespace) -> int:
    from environments.manifest import Manifest
    from policies.report import csv
    from policies.report.controls import covered

    coverage = measured(catalogue, Manifest.read(options.out), options)
    if options.format == "csv":
        sys.stdout.write(csv.matrix(coverage))
    else:
        sys.stdout.write(coverage.model_dump_json(indent=2) + "\n" if options.format == "json" else covered(coverage))
    return shared.EXIT_CONFIGURATION if coverage.gaps else 0


def measured(catalogue: Catalogue, manifest: Manifest, options: argparse.Namespace) -> Coverage:
    """The coverage of the synthesis by its stacks and, if there is one, by the gate's verdict."""
    from modules.foundations.control_tower.controls import CONTROLS
    from policies.coverage import measure
    from policies.verdict import Verdict

    results = gate.folder(manifest, options)
    verdict = Verdict.read(results) if (results / "verdict.json").is_file() else None
    known = {control.identifier: control.code for control in CONTROLS.values()}
    return measure(catalogue, manifest.model_dump(mode="json"), manifest.documents(options.out), verdict, known)
