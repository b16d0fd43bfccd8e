"""Write the evidence that what was reviewed is what is applied, or verify it (exit 3: it does not prove that)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import gate, shared

if TYPE_CHECKING:
    from delivery.evidence.model import Evidence


def options(child: argparse.ArgumentParser) -> None:
    shared.out(child)
    shared.work(child)
    shared.waivers(child)
    child.add_argument("--to", type=Path, metavar="DIR", help="where to write; without it in the working folder")
    child.add_argument("--target", choices=("aws", "emulated"), default="aws", help="whose plans and applies")
    child.add_argument("--at", metavar="TIME", help="when it is made, in ISO 8601; without it the time of the commit")
    child.set_defaults(pack=None)
    text = "Verify a pack: every hash, no file missing or extra, and that what was reviewed is what is applied."
    verify = child.add_subparsers(metavar="verify").add_parser("verify", help=text, description=text)
    verify.add_argument("pack", type=Path, metavar="DIR", help="the pack")
    verify.add_argument(
        "--sha256", type=shared.sha256, metavar="HEX", help="of manifest.json, as it was told when the pack was written"
    )
    verify.add_argument("--applied", action="store_true", help="every stack must be applied")


def run(options: argparse.Namespace) -> int:
    return _verify(options) if options.pack else _write(options)


def _write(options: argparse.Namespace) -> int:
    from delivery.evidence import facts, pack
    from delivery.evidence.contents import gather
    from delivery.target import Target
    from delivery.workspace import Workspace
    from environments.manifest import Manifest
    from policies.cache import tree_digest
    from policies.isolation import PACKAGE

    made = facts.in_utc(options.at) if options.at else None
    manifest = Manifest.read(options.out)
    root = options.work / manifest.organization.name
    space = Workspace.at(options.work, options.out, manifest, Target(options.target))
    to = options.to or root / "evidence"
    evidence, sha256 = pack.write(
        to,
        gather(manifest, space, results=gate.folder(manifest, options), waivers=options.waivers),
        policies=tree_digest(PACKAGE, PACKAGE),
        made=made,
        target=options.target,
        source=facts.source(Path.cwd()),
        versions=facts.versions(),
    )
    _say(evidence)
    shared.say(f"evidence: {to}")
    shared.say(f"SHA-256 of its manifest.json, to be kept elsewhere: {sha256}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from delivery.evidence.pack import verify

    _say(verify(options.pack, sha256=options.sha256, applied=options.applied))
    proven = "is the one that was written" if options.sha256 else "is not proven to be the one written: give --sha256"
    shared.say(f"{options.pack}: every file is as manifest.json says; manifest.json {proven}")
    return 0


def _say(evidence: Evidence) -> None:
    review = evidence.review
    applied = len(review.stacks) - len(review.unapplied)
    plans = sum(stack.applied is not None and stack.applied.gated for stack in review.stacks)
    shared.say(
        f"{review.organization}: {len(review.stacks)} stacks passed the gate, {applied} applied on {evidence.target}, "
        f"{plans} by a plan that the gate has passed; {len(evidence.files)} files"
    )
