"""The `mlgov` command. Without a verb it synthesises, which is what cdktf.json calls.

Exit codes: 0 good, 2 configuration, 3 policy gate, 4 Terraform, 5 internal error. What a verb needs is
imported when it runs, so that `--help`, `check` and `graph` stay under a second.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date

    from delivery.emulator.process import Emulator
    from delivery.run_result import RunResult, Verb
    from delivery.target import Target
    from environments.manifest import Manifest
    from policies.catalogue import Catalogue
    from policies.verdict import Verdict

EXIT_CONFIGURATION, EXIT_GATE, EXIT_INTERNAL = 2, 3, 5
CORES = os.cpu_count() or 1
TERRAFORMS = 3 * CORES  # a Terraform spends most of its time waiting for AWS
DEFAULT_CONFIG, SMALL_CONFIG = Path("environments"), Path("examples/small")
DEFAULT_ENDPOINT = "http://127.0.0.1:5000"
GRAPH_FORMATS = ("text", "mermaid", "dot", "json")
PAGE_FORMATS = ("text", "json")


def check(options: argparse.Namespace) -> int:
    """Validate the YAML and show every fault at once."""
    from environments.graph import StackGraph
    from environments.guardrails import documents
    from environments.load import load

    organization = load(options.config)
    stacks = StackGraph(organization).nodes
    guardrails = documents(organization)
    say(f"{organization.name}: {len(organization.accounts)} accounts, {len(stacks)} stacks, no fault")
    for document in guardrails:
        say(f"guardrails {document.key}: {len(document.content):,} characters, {document.free:,} free")
    return 0


def graph(options: argparse.Namespace) -> int:
    """Show the stacks and what each waits for."""
    from environments.drawing import FORMATS
    from environments.graph import StackGraph
    from environments.load import load

    sys.stdout.write(FORMATS[options.format](StackGraph(load(options.config))))
    return 0


def offboard(options: argparse.Namespace) -> int:
    """Show how a team or data domain leaves: every stage with its edit, its stacks and what people do."""
    from environments.offboarding.plan import plan as plan_leaving
    from environments.offboarding.text import text

    leaving = plan_leaving(options.config, options.kind, options.name)
    sys.stdout.write(leaving.model_dump_json(indent=2) + "\n" if options.format == "json" else text(leaving))
    return 0


def synth(options: argparse.Namespace) -> int:
    """Write the Terraform JSON of every stack."""
    manifest = _synthesise(options, options.jobs)
    say(f"{options.out}: {len(manifest.stacks)} stacks, {sum(stack.resources for stack in manifest.stacks)} resources")
    return 0


def gate(options: argparse.Namespace) -> int:
    """Judge the synthesised stacks; writes verdict.json, results.sarif and junit.xml."""
    from rich.console import Console

    from environments.manifest import Manifest
    from policies.report.table import show

    manifest = Manifest.read(options.out)
    verdict = _judge(manifest, options, options.jobs)
    show(verdict, Console())
    say(f"results: {_gate_folder(manifest, options)}")
    return 0 if verdict.passed else EXIT_GATE


def plan(options: argparse.Namespace) -> int:
    """Plan the stacks with the read-only role; nothing is changed. With --gate the policies judge each plan."""
    result = _deliver("plan", options)
    code = result.exit_code(fail_on_drift=options.fail_on_drift)
    if not options.gate or not result.ok:
        return code
    return code if _plans_pass(options) else EXIT_GATE


def apply(options: argparse.Namespace) -> int:
    """Apply the stacks in the order of their graph; what is done is not done again after a failure."""
    return _deliver("apply", options).exit_code()


def destroy(options: argparse.Namespace) -> int:
    """Destroy the stacks in reverse order."""
    return _deliver("destroy", options).exit_code()


def bootstrap(options: argparse.Namespace) -> int:
    """Make the state buckets, then move the bootstrap stack's own state into the bucket it made."""
    from rich.console import Console

    from delivery.bootstrap import bootstrap as run_bootstrap
    from delivery.progress import ConsoleReporter, table
    from environments.manifest import Manifest

    manifest, console = Manifest.read(options.out), Console()
    with ConsoleReporter(console, 1) as reporter:
        result = run_bootstrap(
            manifest,
            options.out,
            target=_target(options),
            work=options.work,
            reporter=reporter,
            allowed=_allowed(_gate_folder(manifest, options)),
        )
    console.print(table(result))
    return result.exit_code()


def report(options: argparse.Namespace) -> int:
    """Write the HTML report of the last synthesis, gate, apply and plan."""
    from environments.manifest import Manifest

    say(str(_write_report(Manifest.read(options.out), options)))
    return 0


def demo(options: argparse.Namespace) -> int:
    """The main job on the embedded AWS: synthesise, gate, bootstrap, apply, plan again, report."""
    from rich.console import Console

    from delivery.demo import Steps
    from delivery.demo import demo as run_demo
    from delivery.emulator.override import override
    from environments.manifest import Manifest

    if options.config is None:
        options.config = DEFAULT_CONFIG if options.full else SMALL_CONFIG
    run_demo(
        options.out,
        work=options.work,
        jobs=options.jobs,
        console=Console(),
        steps=Steps(
            synthesise=lambda: _synthesise(options, 1),
            gate=lambda manifest: _judge(manifest, options, CORES),
            emulator=lambda manifest: _emulator(manifest, options),
            override=override,
            report=lambda: _write_report(Manifest.read(options.out), options),
        ),
    )
    return 0


def controls(options: argparse.Namespace) -> int:
    """Show the control catalogue, one control, or which of its points the synthesis really carries (exit 2: gaps)."""
    from policies.catalogue import shipped
    from policies.report import controls as pages

    catalogue = shipped()
    if options.what == "coverage":
        return _coverage(catalogue, options)
    chosen = list(catalogue.controls.values()) if options.what == "list" else [catalogue.control(options.id)]
    if options.format == "json":
        say(pages.as_json(chosen))
    else:
        sys.stdout.write(pages.listed(chosen) if options.what == "list" else pages.shown(chosen[0]))
    return 0


def emulator(options: argparse.Namespace) -> int:
    """Serve the embedded AWS until Ctrl-C, for runs with --emulated."""
    from delivery.emulator.server import serve
    from environments.load import load

    serve(options.port, load(options.config).management.id or "", stop_with_stdin=False)
    return 0


def _synthesise(options: argparse.Namespace, jobs: int) -> Manifest:
    from environments.build import synthesise

    return synthesise(options.config, options.out, select=options.stack, jobs=jobs)


def _judge(manifest: Manifest, options: argparse.Namespace, jobs: int) -> Verdict:
    from policies.gate import StackFile, run

    verdict = run(
        [StackFile(entry.id, options.out / entry.path, entry.sha256) for entry in manifest.stacks],
        waivers=options.waivers,
        today=_today(),
        jobs=jobs,
        cache=options.work / "cache" / "gate",
    )
    verdict.write(_gate_folder(manifest, options))
    return verdict


def _coverage(catalogue: Catalogue, options: argparse.Namespace) -> int:
    import json

    from environments.manifest import Manifest
    from policies.coverage import measure
    from policies.report.controls import covered
    from policies.verdict import Verdict

    manifest = Manifest.read(options.out)
    documents = {entry.id: json.loads((options.out / entry.path).read_bytes()) for entry in manifest.stacks}
    folder = _gate_folder(manifest, options)
    verdict = Verdict.read(folder) if (folder / "verdict.json").is_file() else None
    coverage = measure(catalogue, manifest.model_dump(mode="json"), documents, verdict)
    sys.stdout.write(coverage.model_dump_json(indent=2) + "\n" if options.format == "json" else covered(coverage))
    return EXIT_CONFIGURATION if coverage.gaps else 0


def _plans_pass(options: argparse.Namespace) -> bool:
    """Judge the plans just made; the results are written beside the runs of the target."""
    from rich.console import Console

    from delivery.saved_plan import judged
    from delivery.terraform import selected
    from delivery.workspace import Workspace
    from environments.manifest import Manifest
    from policies.gate import run
    from policies.report.table import show

    manifest = Manifest.read(options.out)
    space = Workspace.open(options.work, options.out, manifest, _target(options))
    plans = judged(space, selected(manifest, options.stack, "plan"))
    if not plans:
        say("no plan changes anything: there is nothing to judge")
        return True
    cache = options.work / "cache" / "gate"
    verdict = run(plans, waivers=options.waivers, today=_today(), jobs=CORES, cache=cache, partial=True)
    verdict.write(space.plans)
    show(verdict, Console())
    say(f"results: {space.plans}")
    return verdict.passed


def _deliver(verb: Verb, options: argparse.Namespace) -> RunResult:
    from rich.console import Console

    from delivery.progress import ConsoleReporter, table
    from delivery.terraform import run, selected
    from environments.manifest import Manifest

    manifest, console = Manifest.read(options.out), Console()
    with ConsoleReporter(console, len(selected(manifest, options.stack, verb))) as reporter:
        result = run(
            verb,
            manifest,
            options.out,
            target=_target(options),
            work=options.work,
            reporter=reporter,
            allowed=_allowed(_gate_folder(manifest, options)),
            select=options.stack,
            jobs=options.jobs,
            yes_destroy=getattr(options, "yes_destroy", None),
            judged=_allowed if getattr(options, "gate_plan", False) else None,
            allow_destroy=getattr(options, "allow_destroy", ()),
        )
    console.print(table(result))
    return result


def _target(options: argparse.Namespace) -> Target:
    from delivery.target import Target

    if not options.emulated:
        return Target.aws()
    from delivery.emulator.client import ExistingEmulator
    from delivery.emulator.override import override

    return Target.emulator(ExistingEmulator(options.emulated), override)


def _emulator(manifest: Manifest, options: argparse.Namespace) -> AbstractContextManager[Emulator]:
    from delivery.emulator.process import Emulator

    organization = manifest.organization
    log = options.work / organization.name / "emulated" / "logs" / "emulator.log"
    return Emulator(log, management_account=organization.management_account_id, region=organization.home_region)


def _allowed(folder: Path) -> Callable[[str, str], bool]:
    """Whether the last verdict there covers the bytes of a stack, or of a plan. Read when first asked."""
    today = _today()

    def covers(stack_id: str, sha256: str) -> bool:
        from policies.verdict import Verdict

        return Verdict.read(folder).covers(stack_id, sha256, today)

    return covers


def _write_report(manifest: Manifest, options: argparse.Namespace) -> Path:
    import json

    from policies.report import html
    from policies.report.data import collect

    root = options.work / manifest.organization.name
    results = [_gate_folder(manifest, options) / "verdict.json"]
    # The target that was worked on last is the one to tell of.
    runs = max((root / "aws", root / "emulated"), key=lambda folder: _modified(folder / "last-apply.json"))
    results += [runs / "last-apply.json", runs / "last-plan.json"]
    verdict, applied, planned = (
        json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None for path in results
    )
    page: Path = root / "report.html"
    html.write(collect(manifest.model_dump(mode="json"), verdict, applied, planned, _today()), page)
    return page


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.is_file() else 0.0


def _gate_folder(manifest: Manifest, options: argparse.Namespace) -> Path:
    folder: Path = options.work / manifest.organization.name / "gate"
    return folder


def _today() -> date:
    from datetime import UTC, datetime

    return datetime.now(UTC).date()


def say(line: str) -> None:
    """One line for the user."""
    sys.stdout.write(line + "\n")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_CONFIGURATION, f"mlgov: {message}; see `{self.prog} --help`\n")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = _Parser(
        prog="mlgov",
        description="A governed, multi-account Amazon SageMaker platform: YAML in, gated Terraform out.",
        epilog="Exit codes: 0 good, 2 configuration, 3 policy gate, 4 Terraform, 5 internal error.",
    )
    verbs = top.add_subparsers(metavar="VERB", required=True)

    def verb(run: Callable[[argparse.Namespace], int], *options: Callable[[argparse.ArgumentParser], None]) -> None:
        text = (run.__doc__ or "").partition("\n")[0]
        child = verbs.add_parser(run.__name__, help=text, description=text, formatter_class=_HELP)
        child.set_defaults(run=run)
        for option in options:
            option(child)

    verb(check, _config)
    verb(graph, _config, _format(GRAPH_FORMATS))
    verb(offboard, _leaver, _config, _format(PAGE_FORMATS))
    verb(synth, _config, _out, _stack, _jobs(1))
    verb(gate, _out, _work, _waivers, _jobs(CORES))
    verb(bootstrap, _out, _work, _emulated)
    verb(plan, _out, _work, _stack, _jobs(TERRAFORMS), _emulated, _fail_on_drift, _gate, _waivers, _allow_destroy)
    verb(apply, _out, _work, _stack, _jobs(TERRAFORMS), _emulated, _gate_plan, _allow_destroy)
    verb(destroy, _out, _work, _stack, _jobs(TERRAFORMS), _emulated, _yes_destroy)
    verb(controls, _control, _out, _work, _format(PAGE_FORMATS))
    verb(report, _out, _work)
    verb(demo, _demo_config, _out, _work, _waivers, _stack, _jobs(TERRAFORMS))
    verb(emulator, _config, _port)
    return top


_HELP = argparse.ArgumentDefaultsHelpFormatter


def _config(child: argparse.ArgumentParser) -> None:
    child.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="DIR", help="the YAML")


def _demo_config(child: argparse.ArgumentParser) -> None:
    child.add_argument("--full", action="store_true", help=f"every account of the organisation in {DEFAULT_CONFIG}")
    child.add_argument("--config", type=Path, metavar="DIR", help=f"the YAML; without it {SMALL_CONFIG}")


def _out(child: argparse.ArgumentParser) -> None:
    # The cdktf CLI says in CDKTF_OUTDIR where it will look.
    out = Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
    child.add_argument("--out", type=Path, default=out, metavar="DIR", help="the synthesised stacks")


def _work(child: argparse.ArgumentParser) -> None:
    child.add_argument("--work", type=Path, default=Path(".mlgov"), metavar="DIR", help="runs, logs, results")


def _stack(child: argparse.ArgumentParser) -> None:
    child.add_argument("--stack", metavar="GLOB", help="only stacks whose id matches")


def _jobs(default: int) -> Callable[[argparse.ArgumentParser], None]:
    def add(child: argparse.ArgumentParser) -> None:
        child.add_argument("--jobs", type=_positive, default=default, metavar="N", help="how many at once")

    return add


def _waivers(child: argparse.ArgumentParser) -> None:
    child.add_argument("--waivers", type=Path, default=Path("policies/waivers.yaml"), metavar="FILE")


def _format(formats: Sequence[str]) -> Callable[[argparse.ArgumentParser], None]:
    def add(child: argparse.ArgumentParser) -> None:
        child.add_argument("--format", choices=formats, default="text")

    return add


def _control(child: argparse.ArgumentParser) -> None:
    child.add_argument(
        "what", choices=("list", "show", "coverage"), help="the catalogue, one control, or what carries it"
    )
    child.add_argument("id", nargs="?", default="", metavar="ID", help="the control to show, such as SM-01")


def _leaver(child: argparse.ArgumentParser) -> None:
    child.add_argument("kind", choices=("team", "domain"), help="what leaves")
    child.add_argument("name", metavar="NAME", help="what it is called, as its file is")


def _emulated(child: argparse.ArgumentParser) -> None:
    child.add_argument(
        "--emulated",
        nargs="?",
        const=DEFAULT_ENDPOINT,
        metavar="URL",
        help=f"work on a running emulator (see `mlgov emulator`) instead of AWS; without URL {DEFAULT_ENDPOINT}",
    )


def _fail_on_drift(child: argparse.ArgumentParser) -> None:
    child.add_argument("--fail-on-drift", action="store_true", help="exit 4 when a plan finds changes")


def _gate(child: argparse.ArgumentParser) -> None:
    child.add_argument("--gate", action="store_true", help="judge each plan by the policies; exit 3 when one fails")


def _gate_plan(child: argparse.ArgumentParser) -> None:
    child.add_argument("--gate-plan", action="store_true", help="apply only plans that `plan --gate` passed")


def _yes_destroy(child: argparse.ArgumentParser) -> None:
    child.add_argument("--yes-destroy", metavar="ORGANISATION", help="needed on AWS: the organisation's name")


def _allow_destroy(child: argparse.ArgumentParser) -> None:
    child.add_argument(
        "--allow-destroy",
        action="append",
        default=[],
        metavar="STACK:ADDRESS",
        help="let the run destroy this resource although it holds data; may be given several times",
    )


def _port(child: argparse.ArgumentParser) -> None:
    child.add_argument("--port", type=int, default=5000, help="port on 127.0.0.1; 0 takes a free one")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Only errors that are not the user's show a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parser().parse_args(given or ["synth"])
    try:
        code: int = options.run(options)
    except Exception as error:
        code = _told(error)
    return code


def _told(error: Exception) -> int:
    """Tell the error; returns its exit code. Our errors carry one, with a sentence for the user."""
    code = getattr(error, "exit_code", None)
    if isinstance(code, int):
        sys.stderr.write(f"{error}\n")
        return code
    traceback.print_exception(error)
    sys.stderr.write("mlgov: internal error; please report it with the lines above\n")
    return EXIT_INTERNAL


if __name__ == "__main__":
    sys.exit(main())
