"""`python -m policies.scan JOB RESULT`: scan the stacks of the job file, write the result file.

Started by `policies.isolation`. Job: `{tree, jobs, stacks: {id: {path, sha256, form}}}`. Result: a `Scan`.
"""

from __future__ import annotations

import gc
import hashlib
import json
import logging
import multiprocessing
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from policies.record import VERB, Form, GateFault, StackScan

if TYPE_CHECKING:
    from policies.scan.engine import Engine

# checkov evaluates expressions of the stack: what asks for more is a fault of the stack, not the end of the machine.
MEMORY, PROCESSOR = 4 * 2**30, 1_200  # bytes of address space and seconds of processor time, of each process
NETWORK_EVENTS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in NETWORK_EVENTS:
        # The exception may be swallowed by who called; a word on stderr is always a fault of the gate.
        sys.stderr.write(f"network access refused: {event} {arguments[-1]!r}\n")
        raise PermissionError(f"the gate never uses the network ({event})")


def _bound() -> None:
    """Bound this process and its workers, where the system can."""
    try:
        import resource
    except ImportError:
        return  # Windows: there the machine's own limits hold
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, PROCESSOR)):
        _, allowed = resource.getrlimit(kind)
        limit = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(kind, (limit, limit))


def _scan(engine: Engine, path: Path, sha256: str, form: Form) -> StackScan:
    try:
        content = path.read_bytes()
    except OSError as error:
        return StackScan(faults=(GateFault(kind="stack-missing", message=f"{error}; run `{VERB[form]}`"),))
    if hashlib.sha256(content).hexdigest() != sha256:
        changed = GateFault(kind="stack-changed", message="the file changed while the gate ran; run the gate again")
        return StackScan(faults=(changed,))
    found = engine.scan(content, form)
    gc.collect()  # checkov's graph of the stack, which refers to itself
    return found


_engine: Engine | None = None


def _scan_in_worker(work: tuple[str, str, Form]) -> str:
    assert _engine is not None, "the pool forks after the engine is made"
    return _scan(_engine, Path(work[0]), work[1], work[2]).model_dump_json()


def main(job: Path, result: Path) -> None:
    """Load the policies once, then scan every stack of the job, in forked workers when there are many."""
    global _engine
    sys.addaudithook(_refuse_network)
    _bound()
    logging.disable(logging.INFO)
    gc.disable()  # garbage is collected after each stack, and what is loaded first is none
    from policies.scan.engine import Engine
    from policies.scan.loading import load

    work = json.loads(job.read_bytes())
    policies = load(Path(work["tree"]))
    _engine = Engine(policies)
    gc.freeze()
    stacks = work["stacks"]
    # The largest first, so that no worker is left alone with it at the end.
    order = sorted(stacks, key=lambda stack: _size(stacks[stack]["path"]), reverse=True)
    items = [(stacks[stack]["path"], stacks[stack]["sha256"], stacks[stack]["form"]) for stack in order]
    workers = min(work["jobs"], len(items))
    if workers > 1:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            _write(result, zip(order, pool.map(_scan_in_worker, items), strict=True), policies.faults)
    else:
        _write(result, zip(order, map(_scan_in_worker, items), strict=True), policies.faults)


def _write(result: Path, scans: Iterable[tuple[str, str]], faults: Iterable[GateFault]) -> None:
    """A `Scan` in JSON, written as its parts arrive: no process holds the scans of all stacks."""
    with result.open("w", encoding="utf-8") as out:
        out.write('{"stacks":{')
        for number, (stack, scan) in enumerate(scans):
            out.write(f"{',' if number else ''}{json.dumps(stack)}:{scan}")
        out.write(f'}},"faults":[{",".join(fault.model_dump_json() for fault in faults)}]}}')


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0  # told when it is scanned


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
