"""Judge the synthesised stacks; writes the results as JSON, SARIF, JUnit XML, CSV and Markdown.

Beside `verdict.json`: `results.sarif` for code hosts, `junit.xml` for CI, `results.csv` for spreadsheets, `summary.md`
for a pull request's comment, and with --oscal the control catalogue and the assessment results in OSCAL.
"""

from __future__ import annotations

import argparse
import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import shared
from modules.core.errors import ConfigError

if TYPE_CHECKING:
    from environments.manifest import Manifest
    from policies.verdict import Verdict


def options(child: argparse.ArgumentParser) -> None:
    shared.out(child)
    shared.work(child)
    shared.waivers(child)
    shared.jobs(child, shared.CORES)
    child.add_argument("--oscal", action="store_true", help="write OSCAL, too, which takes a second more")
    child.add_argument("--summary", type=Path, metavar="FILE", help="write the summary for a pull request here, too")
    child.add_argument(
        "--baseline", type=Path, metavar="DIR", help="results of an earlier gate; the summary marks what is new since"
    )
    child.add_argument(
        "--policy-check",
        action="store_true",
        help="say of the one --stack what Atlantis reads as passed or failed; exit 0 either way, 3 when unjudged",
    )
    shared.stack(child)
    child.add_argument(
        "--links",
        type=_url,
        metavar="URL",
        help="where the host shows this commit's files, for the summary",
    )


def run(options: argparse.Namespace) -> int:
    if options.policy_check:
        return _policy_step(options)
    if options.stack:
        raise ConfigError("--stack is for --policy-check: the gate itself judges all stacks, as some rules need all")
    from rich.console import Console

    from environments.manifest import Manifest
    from policies.report import markdown
    from policies.report.results import write
    from policies.report.table import show
    from policies.verdict import Verdict

    manifest = Manifest.read(options.out)
    # Read first: it may be what the last gate left where this one writes.
    baseline = Verdict.read(options.baseline) if options.baseline else None
    verdict = judged(manifest, options, options.jobs, baseline=baseline, links=options.links or "")
    results = folder(manifest, options)
    if options.summary:
        write(options.summary, (results / markdown.FILE_NAME).read_text(encoding="utf-8"))
    _write_oscal(verdict if options.oscal else None, results)
    show(verdict, Console())
    shared.say(f"results: {results}")
    return 0 if verdict.passed else shared.EXIT_GATE


def _policy_step(options: argparse.Namespace) -> int:
    """Print the policy step of one stack. Whatever kept the gate from judging is said on standard output, too."""
    from delivery import policy_cache, policy_step
    from environments.manifest import Manifest

    try:
        manifest = Manifest.read(options.out)
        steps = policy_cache.steps(
            options.out,
            manifest,
            waivers=options.waivers,
            today=shared.today(),
            folder=options.work / manifest.organization.name / "policy-check",
            judge=lambda: judged(manifest, options, options.jobs),
        )
        step = steps.get(options.stack or "") or policy_step.unjudged(_unknown(options.stack))
    except Exception as error:
        shared.say(policy_step.unjudged(str(error)).text)
        raise
    shared.say(step.text)
    return step.exit_code


def _unknown(stack: str | None) -> str:
    if stack is None:
        return "--policy-check is about one stack: add --stack ID"
    return f"--stack {stack}: no stack has this id (a glob is none); `mlgov graph` lists them"


def judged(
    manifest: Manifest,
    options: argparse.Namespace,
    jobs: int,
    *,
    baseline: Verdict | None = None,
    links: str = "",
) -> Verdict:
    """The verdict over all stacks of the manifest, written where `folder` says."""
    from policies.gate import StackFile
    from policies.gate import run as judge

    verdict = judge(
        [StackFile(entry.id, options.out / entry.path, entry.sha256) for entry in manifest.stacks],
        waivers=options.waivers,
        today=shared.today(),
        jobs=jobs,
        cache=cache(options),
        manifest=manifest.model_dump(mode="json"),
    )
    verdict.write(folder(manifest, options), baseline=baseline, links=links)
    return verdict


def _write_oscal(verdict: Verdict | None, results: Path) -> None:
    """The OSCAL documents of the verdict; without one none stay, as they would be of another run."""
    from policies.report import oscal
    from policies.report.results import write

    if verdict is None:
        for name in oscal.FILE_NAMES:
            (results / name).unlink(missing_ok=True)
        return
    from policies.catalogue import shipped

    for name, text in oscal.render(verdict, shipped(), shared.today()).items():
        write(results / name, text)


def _url(text: str) -> str:
    """A URL that can stand in a link of Markdown."""
    if not re.fullmatch(r"https?://[^\s()<>\[\]]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no http or https URL")
    return text


def folder(manifest: Manifest, options: argparse.Namespace) -> Path:
    """Where the results over the stacks are."""
    found: Path = options.work / manifest.organization.name / "gate"
    return found


def cache(options: argparse.Namespace) -> Path:
    """Where kept scans are."""
    found: Path = options.work / "cache" / "gate"
    return found


def allowed(results: Path) -> Callable[[str, str], bool]:
    """Whether the last verdict there covers the bytes of a stack, or of a plan. Read once, when first asked.

    Raises GateError when the verdict is of other policies than the present ones: what they allow, these may not.
    """
    day = shared.today()

    @functools.cache
    def verdict() -> Verdict:
        from policies.cache import tree_digest
        from policies.errors import GateError
        from policies.isolation import PACKAGE
        from policies.verdict import Verdict

        found = Verdict.read(results)
        if found.policy_digest != tree_digest(PACKAGE, PACKAGE):
            again = "mlgov plan --gate" if found.form == "plan" else "mlgov gate"
            raise GateError(f"{results}: the policies have changed since this verdict; run `{again}`, then again")
        return found

    return lambda stack_id, sha256: verdict().covers(stack_id, sha256, day)
