"""Run one job per stack, as many at once as allowed, none before what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from delivery.process import POLL_SECONDS, Stop
from environments.manifest import Manifest

Edges = Mapping[str, tuple[str, ...]]
R = TypeVar("R")
_START = 20  # starting Terraform on a stack takes about as long as this many resources


def dependencies(manifest: Manifest, selected: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each selected stack the selected ones it must come after, also when the path leads over unselected ones.

    The stack with the most work behind it comes first, so that no long path is begun late.
    """
    wanted = set(selected)
    nearest: dict[str, set[str]] = {}
    for entry in manifest.stacks:
        nearest[entry.id] = set().union(*({dep} if dep in wanted else nearest[dep] for dep in entry.depends_on), set())
    edges = {entry.id: tuple(sorted(nearest[entry.id])) for entry in manifest.stacks if entry.id in wanted}
    behind = _work_behind(edges, {entry.id: entry.resources for entry in manifest.stacks})
    return {node: edges[node] for node in sorted(edges, key=lambda node: -behind[node])}


def _work_behind(edges: Edges, resources: Mapping[str, int]) -> dict[str, int]:
    """For each stack the heaviest path from it to the end, itself included. `edges` names producers first."""
    behind = {node: resources[node] + _START for node in edges}
    for node in reversed(list(edges)):
        for producer in edges[node]:
            behind[producer] = max(behind[producer], behind[node] + resources[producer] + _START)
    return behind


def reverse(edges: Edges) -> dict[str, tuple[str, ...]]:
    """The same graph for a destroy: each stack comes after those that depend on it; the order is reversed, too."""
    return {node: tuple(other for other in edges if node in edges[other]) for node in reversed(list(edges))}


def run(
    edges: Edges,
    *,
    jobs: int,
    stop: Stop,
    work: Callable[[str], R],
    good: Callable[[R], bool],
    skip: Callable[[str, str | None], R],
) -> dict[str, R]:
    """Results of `work` by stack.

    A stack starts when all it waits for are good; among those ready, the first in `edges` goes first. One that
    waits for a bad stack gets `skip(stack, bad stack)`; one not started when `stop` is requested gets
    `skip(stack, None)`. Independent branches go on. An exception of `work` is raised here, after the running
    jobs ended. `edges` must be acyclic (a manifest is).
    """
    results: dict[str, R] = {}
    running: dict[Future[R], str] = {}
    waiting = list(edges)
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        try:
            while waiting or running:
                for node in list(waiting):
                    bad = next((dep for dep in edges[node] if dep in results and not good(results[dep])), None)
                    if bad is not None or stop.requested:
                        results[node] = skip(node, None if stop.requested else bad)
                        waiting.remove(node)
                    elif len(running) < max(1, jobs) and all(dep in results for dep in edges[node]):
                        running[pool.submit(work, node)] = node
                        waiting.remove(node)
                # The timeout lets this thread run Python's signal handlers.
                finished, _ = wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                for future in finished:
                    results[running.pop(future)] = future.result()
        except BaseException:
            stop.requested = True
            raise
    return {node: results[node] for node in edges}
