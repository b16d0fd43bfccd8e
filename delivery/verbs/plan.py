"""Plan the stacks with the read-only role; nothing is changed. With --gate the policies judge each plan."""

from __future__ import annotations

import argparse

from delivery.verbs import gate, running, shared


def options(child: argparse.ArgumentParser) -> None:
    running.options(child)
    running.lock_timeout(child)
    child.add_argument(
        "--fail-on-drift", action="store_true", help="exit 4 on any change; for drift alone: `mlgov drift`"
    )
    child.add_argument("--gate", action="store_true", help="judge each plan by the policies; exit 3 when one fails")
    shared.waivers(child)
    shared.allow_destroy(child)


def run(options: argparse.Namespace) -> int:
    result = running.deliver("plan", options)
    code = result.exit_code(fail_on_drift=options.fail_on_drift)
    if not options.gate or not result.ok:
        return code
    return code if _plans_pass(options) else shared.EXIT_GATE


def _plans_pass(options: argparse.Namespace) -> bool:
    """Judge the plans just made; the results are written beside the runs of the target."""
    from rich.console import Console

    from delivery.saved_plan import judged
    from delivery.terraform import selected
    from delivery.workspace import Workspace
    from environments.manifest import Manifest
    from policies.gate import run as judge
    from policies.report.table import show

    manifest = Manifest.read(options.out)
    space = Workspace.open(options.work, options.out, manifest, running.target(options))
    plans = judged(space, selected(manifest, options.stack, "plan"))
    if not plans:
        shared.say("no plan changes anything: there is nothing to judge")
        return True
    verdict = judge(
        plans,
        waivers=options.waivers,
        today=shared.today(),
        jobs=shared.CORES,
        cache=gate.cache(options),
        partial=True,
    )
    verdict.write(space.plans)
    show(verdict, Console())
    shared.say(f"results: {space.plans}")
    return verdict.passed
