"""How long the gate takes beside plain checkov, over the same 300 stacks with 12,000 resources in the same run.

The stacks are those of the reference organisation, several times over under other ids, names and account ids, so that
no two have the same bytes. Blocks at which plain checkov would drop the whole file are left out, or it would judge
nothing. Each measurement is a process of its own; CPU seconds are those of all its processes, MB the peak of the
largest. Fails when a claim of issue 4 does not hold on this machine.

    python -m benchmarks.gate [--synthesis DIR] [--keep DIR]
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from environments.build import synthesise
from policies.gate import StackFile, run
from policies.isolation import PACKAGE
from policies.view import BLINDING_BLOCKS

ROOT = PACKAGE.parent
STACKS, RESOURCES, WORKERS = 300, 12_000, 2
FASTER, WORKER_MB, CHANGED_SECONDS = 2.5, 200, 3.0
TODAY = date(2026, 11, 22)
ACCOUNT = re.compile(r"\b\d{12}\b")
# What keeps checkov from calling out and from reading settings of whoever runs this: checkov-toolchain.md, section 0.
QUIET = {"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true", "CKV_PARSE_ERROR_FAIL": "true", "LOG_LEVEL": "WARNING"}
CHECKOV = ("-m", "checkov.main", "--framework", "terraform_json", "--skip-download", "-o", "json")


@dataclass(frozen=True)
class Run:
    """One process and its children: wall and CPU seconds, and the peak megabytes of the largest of them."""

    wall: float
    cpu: float
    peak_mb: float


def measure(command: Sequence[str], folder: Path, output: Path, *, accepted: Sequence[int] = (0,)) -> Run:
    """Run Python with these arguments in the folder, with next to no environment; its output goes to the file."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), **QUIET}
    began = time.perf_counter()
    with output.open("wb") as stdout:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", *command], cwd=folder, env=environment, stdout=stdout
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        raise SystemExit(f"{' '.join(command[:2])} ended with exit code {process.returncode}; see {output}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def generate(synthesis: Path, out: Path) -> int:
    """Write the stacks below `out`; how many resources they have. Equal syntheses make equal bytes."""
    sources = sorted(_sources(synthesis))
    chosen = list(itertools.islice(itertools.cycle(sources), STACKS))
    while sum(size for size, _, _ in chosen) < RESOURCES:
        del sources[0]  # the smallest, until the others are enough
        chosen = list(itertools.islice(itertools.cycle(sources), STACKS))
    for number, (_, name, text) in enumerate(chosen):
        copy = number // len(sources)
        path = out / f"{name}-{copy}" / "cdk.tf.json"
        path.parent.mkdir(parents=True)
        path.write_text(_renamed(text, copy), encoding="utf-8")
    return sum(size for size, _, _ in chosen)


def _sources(synthesis: Path) -> Iterator[tuple[int, str, str]]:
    """Each stack of the synthesis: its resources, its id and its text."""
    for path in synthesis.glob("stacks/*/cdk.tf.json"):
        document: dict[str, Any] = json.loads(path.read_bytes())
        for block in BLINDING_BLOCKS:
            document.pop(block, None)
        document["terraform"].pop("required_version", None)
        size = sum(len(named) for named in document["resource"].values())
        yield size, path.parent.name, json.dumps(document, indent=2)


def _renamed(text: str, copy: int) -> str:
    """The text with the organisation's and each account's name of that copy."""
    return ACCOUNT.sub(lambda found: f"{int(found[0]) + copy:012}", text.replace("acme", f"acme{copy}"))


def judge(stacks: Path, work: Path) -> None:
    """The gate as `mlgov gate` runs it: the verdict and its reports are written below `work`."""
    files = [
        StackFile(path.parent.name, path, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(stacks.glob("*/cdk.tf.json"))
    ]
    waivers = PACKAGE / "waivers.yaml"
    verdict = run(files, waivers=waivers, today=TODAY, jobs=WORKERS, cache=work / "cache", partial=True)
    if faults := [str(fault) for fault in verdict.faults if fault.stack]:
        raise SystemExit("\n".join(faults[:5]))
    verdict.write(work)


def compare(stacks: Path, work: Path) -> dict[str, Run]:
    """Every measurement, in order: each by what it is."""
    one = sorted(stacks.glob("*/cdk.tf.json"))[STACKS // 2]
    checks = ("--external-checks-dir", str(PACKAGE / "checks"))
    gate = ("-m", "benchmarks.gate", "--judge", str(stacks), "--keep", str(work))
    found = {}
    found["checkov, all in one run"] = measure(
        [*CHECKOV, "-d", str(stacks), *checks], work, work / "all.json", accepted=(1,)
    )
    found["checkov, one stack"] = measure([*CHECKOV, "-f", str(one), *checks], work, work / "one.json", accepted=(0, 1))
    found["gate, cold"] = measure(gate, work, work / "gate.log")
    found["gate, warm"] = measure(gate, work, work / "gate.log")
    one.write_text(one.read_text(encoding="utf-8").replace("acme", "changed"), encoding="utf-8")
    found["gate, one stack changed"] = measure(gate, work, work / "gate.log")
    return found


def claims(found: dict[str, Run]) -> Iterator[tuple[str, bool]]:
    """Each claim with what was measured, and whether it holds."""
    plain, cold, changed = (
        found[name] for name in ("checkov, all in one run", "gate, cold", "gate, one stack changed")
    )
    times = plain.wall / cold.wall
    yield f"cold {times:.1f} times faster than one checkov run (claim: {FASTER})", times >= FASTER
    yield f"{cold.peak_mb:.0f} MB in the largest process (claim: at most {WORKER_MB})", cold.peak_mb <= WORKER_MB
    yield f"one stack changed: {changed.wall:.1f} s (claim: under {CHANGED_SECONDS})", changed.wall < CHANGED_SECONDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate, measure, print; 1 when a claim does not hold."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--synthesis", type=Path, help="a folder that `mlgov synth` wrote; made when not given")
    options.add_argument("--keep", type=Path, help="keep stacks and outputs in this new folder")
    options.add_argument("--judge", type=Path, help=argparse.SUPPRESS)  # what the measured process does
    given = options.parse_args(arguments)
    if given.judge:
        judge(given.judge, given.keep)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        work = given.keep or Path(scratch) / "work"
        work.mkdir(parents=True)
        synthesis = given.synthesis
        if synthesis is None:
            synthesis = work / "synthesis"
            synthesise(ROOT / "environments", synthesis)
        resources = generate(synthesis, work / "stacks")
        say(f"{STACKS} stacks, {resources:,} resources, {WORKERS} workers of the gate")
        found = compare(work / "stacks", work)
    for name, measured in found.items():
        say(f"  {name:25} {measured.wall:7.2f} s   CPU {measured.cpu:7.2f} s   {measured.peak_mb:4.0f} MB")
    say(f"  checkov, a run a stack    {STACKS * found['checkov, one stack'].wall:7.0f} s   (extrapolated)")
    held = list(claims(found))
    for claim, holds in held:
        say(f"  {'holds ' if holds else 'FAILS '} {claim}")
    return 0 if all(holds for _, holds in held) else 1


def say(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
