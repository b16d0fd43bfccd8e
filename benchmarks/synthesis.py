"""How long `python main.py` takes on the reference organisation, with every speed-up and with none.

Each run is a new process with a warm jsii cache and compiled Python, also for the way without speed-ups: that
compiles all 2,135 modules of the bindings once, into a temporary folder. Peak memory is the high-water mark
of Python and of Node, as Linux tells it. Both ways must write the same bytes, or the comparison is void.

    python -m benchmarks.synthesis [--runs N]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from environments.manifest import Manifest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    """One process: wall seconds, and peak megabytes of Python and of its Node."""

    seconds: float
    python_mb: float
    node_mb: float


def measure(out: Path, *, lean: bool, compiled: Path) -> Run:
    """Synthesise into `out` in a new process that keeps its compiled Python below `compiled`."""
    environment = os.environ | {"MLGOV_LEAN": "1" if lean else "0", "PYTHONPYCACHEPREFIX": str(compiled)}
    for name in ("NODE_OPTIONS", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "main.py", "synth", "--out", str(out)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    python_mb = node_mb = 0.0
    while process.poll() is None:
        python_mb = max(python_mb, _peak_mb(process.pid))
        node_mb = max([node_mb, *(_peak_mb(child) for child in _descendants(process.pid))])
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"synthesis failed with exit code {process.returncode}")
    return Run(seconds, python_mb, node_mb)


def _peak_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it ended between two looks
    peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
    return int(peak) / 1024


def _descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    found = [int(child) for child in children]
    return found + [grandchild for child in found for grandchild in _descendants(child)]


def _bytes(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both ways side by side."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    runs: int = options.parse_args(arguments).runs
    with tempfile.TemporaryDirectory() as folder:
        outs = {True: Path(folder) / "lean", False: Path(folder) / "full"}
        compiled = Path(folder) / "compiled"
        for lean_way, out in outs.items():  # fills jsii's package cache and the compiled Python
            measure(out, lean=lean_way, compiled=compiled)
        # In turns, so that a busy moment of the machine hits both.
        pairs = [
            (
                measure(outs[True], lean=True, compiled=compiled),
                measure(outs[False], lean=False, compiled=compiled),
            )
            for _ in range(runs)
        ]
        same = _bytes(outs[True]) == _bytes(outs[False])
        stacks = Manifest.read(outs[True]).stacks
    resources = sum(stack.resources for stack in stacks)
    say(f"{len(stacks)} stacks, {resources} resources, median of {runs} runs; byte-identical: {same}")
    lean, full = ([pair[side] for pair in pairs] for side in (0, 1))
    for name, results in (("every speed-up", lean), ("none", full)):
        seconds = statistics.median(run.seconds for run in results)
        python_mb, node_mb = max(run.python_mb for run in results), max(run.node_mb for run in results)
        say(f"  {name:15} {seconds:6.2f} s   Python {python_mb:4.0f} MB   Node {node_mb:4.0f} MB")
    ratio = statistics.median(f.seconds for f in full) / statistics.median(run.seconds for run in lean)
    say(f"  {ratio:.1f} times faster")
    return 0 if same else 1


def say(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
