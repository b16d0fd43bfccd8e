"""Classify every change of Terraform plans, and judge them by tier.

Exit 0: all may be applied. 3: a change needs a name or never passes, a policy is not met, a stack has no plan, or one
is of other bytes than the gate passed. 2: an option, or a file that is no whole plan.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import gate, running, shared

if TYPE_CHECKING:
    from delivery.review.model import Review
    from delivery.review.sources import Planned
    from environments.manifest import Manifest
    from policies.verdict import Finding, Verdict

FORMATS = ("text", "markdown", "json")


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument(
        "plans",
        nargs="*",
        metavar="PLAN.json",
        help="what `terraform show -json` wrote, as FILE or STACK=FILE; without one, the plans that `mlgov plan` saved",
    )
    child.add_argument(
        "--plan-file",
        action="append",
        default=[],
        metavar="PLANFILE",
        help="Terraform's plan file, as FILE or STACK=FILE: it proves to the byte what the plan in JSON is of",
    )
    shared.out(child)
    shared.work(child)
    shared.stack(child)
    shared.emulated(child)
    shared.waivers(child)
    shared.page_format(child, FORMATS)
    child.add_argument("--summary", type=Path, metavar="FILE", help="write the Markdown for a pull request here, too")
    child.add_argument(
        "--baseline", type=Path, metavar="DIR", help="results of the base's gate: what is waived since is a change, too"
    )
    child.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="CLASS:STACK:ADDRESS",
        help="this change is meant, as the review names it; @FILE has one a line; may be given several times",
    )
    child.add_argument(
        "--policy-check",
        action="store_true",
        help="print what Atlantis reads as passed or not, and exit 0 in both cases; 3 only where nothing was judged",
    )


def run(options: argparse.Namespace) -> int:
    from delivery import policy_step
    from delivery.review import judge, markdown, text
    from environments.manifest import Manifest
    from policies.report.results import write

    manifest = Manifest.read(options.out)
    with tempfile.TemporaryDirectory() as scratch:
        planned = _planned(manifest, options, Path(scratch))
        _refuse_ungated(planned, manifest, options)
        found = judge.review(
            manifest, planned, policies=_policies(planned, options), accepted=_accepted(options.accept)
        )
    page = markdown.render(found)
    if options.summary:
        write(options.summary, page)
    if options.policy_check:
        step = policy_step.of_review(found, page)
        shared.say(step.text.rstrip("\n"))
        return step.exit_code
    forms = {"markdown": page, "json": _json(found), "text": text.render(found)}
    shared.say(forms[options.format].rstrip("\n"))
    return 0 if found.passed else shared.EXIT_GATE


def _accepted(given: Sequence[str]) -> list[str]:
    """What is named, with the lines of each `@FILE`; what stands behind ` #` there is a comment."""
    found: list[str] = []
    for one in given:
        lines = Path(one[1:]).read_text("utf-8", "replace").splitlines() if one.startswith("@") else [one]
        found += [line for text in lines if (line := re.split(r"(?:^|\s)#", text)[0].strip())]
    return found


def _waived(manifest: Manifest, options: argparse.Namespace) -> list[Finding]:
    """What waivers except now and did not in the baseline; nothing without one."""
    from delivery.review.judge import newly_waived
    from policies.verdict import Verdict

    if options.baseline is None:
        return []
    return newly_waived(Verdict.read(options.baseline), Verdict.read(gate.folder(manifest, options)))


def _json(found: Review) -> str:
    return found.model_dump_json(indent=2)


def _planned(manifest: Manifest, options: argparse.Namespace, scratch: Path) -> list[Planned]:
    """The plans in files, or those saved of the selected stacks."""
    from delivery.review import sources
    from delivery.terraform import selected
    from delivery.workspace import Workspace
    from modules.core.errors import ConfigError

    chosen = selected(manifest, options.stack, "plan")
    if options.plans or options.plan_file:
        found = sources.given(options.plans, manifest, options.out, scratch, proofs=options.plan_file)
        ids = {entry.id for entry in chosen}
        if other := [one.entry.id for one in found if one.entry.id not in ids]:
            raise ConfigError(f"--stack {options.stack} leaves out {', '.join(other)}, of which a plan is given")
        return found
    return sources.saved(Workspace.open(options.work, options.out, manifest, running.target(options)), chosen)


def _refuse_ungated(planned: Sequence[Planned], manifest: Manifest, options: argparse.Namespace) -> None:
    """Raise GateError unless the gate has passed exactly the bytes that each plan was made of."""
    from policies.errors import GateError

    passed = gate.allowed(gate.folder(manifest, options))
    if refused := [one.entry.id for one in planned if not passed(one.entry.id, one.entry.sha256)]:
        raise GateError(
            f"the gate has not passed exactly the bytes that these plans are of: {', '.join(refused)}. "
            f"Run `mlgov gate --out {options.out}`, then review again"
        )


def _policies(planned: Sequence[Planned], options: argparse.Namespace) -> Verdict | None:
    """The gate's policies on the plans that change something; None when none does."""
    from policies.gate import run as judge

    files = [one.file for one in planned if one.file]
    if not files:
        return None
    return judge(
        files,
        waivers=options.waivers,
        today=shared.today(),
        jobs=shared.CORES,
        cache=gate.cache(options),
        partial=True,
    )
