"""From YAML to Terraform JSON: every stack in order, written whole or not at all.

The folder that is written holds `mlgov.json` (environments/manifest.py), a folder for each stack and, in the layout of
the cdktf CLI, its `manifest.json`. What is committed is written by `environments/live.py`, of the same bytes.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from environments.adoption_checks import check_stacks, check_whole
from environments.adoption_settings import Adoption
from environments.folder import exchange, is_ours
from environments.graph import StackGraph
from environments.layout import STACKS, folder
from environments.load import load
from environments.manifest import (
    FILE_NAME,
    STACK_FILE,
    AccountSummary,
    Manifest,
    ManifestError,
    OrganizationSummary,
    StackEntry,
    UnitSummary,
    digest,
)
from environments.model import Organization
from environments.node import Node
from environments.tiers import owner, tier
from environments.vocabulary import ENVIRONMENTS, Layout
from modules.core.errors import ConfigError, SynthError
from modules.core.provider import require_node

if TYPE_CHECKING:
    from environments.stacks.base import PlatformStack

CDKTF_MANIFEST = "manifest.json"


def synthesise(config: Path, out: Path, *, select: str | None = None, jobs: int = 1) -> Manifest:
    """Write the stacks of the organisation in `config` to `out`; returns what was written.

    `select` (a glob over stack ids) rewrites only the matching stacks and leaves the rest of `out` as it is.
    `jobs` splits the stacks over that many processes; the bytes are the same. Raises ConfigError for faulty
    YAML, a folder that is not ours, a pattern that matches nothing, or an adoption that meets nothing; then `out` is
    untouched.
    """
    organization = load(config)
    graph = StackGraph(organization)
    chosen = graph.select(select)
    if not is_ours(out):
        raise ConfigError(f"--out {out}: the folder holds something that mlgov did not write; name a new or empty one")
    if _is_committed(out):
        raise ConfigError(f"--out {out}: the folder is laid out to be committed; write it with `mlgov synth --live`")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as scratch:
        fresh = Path(scratch) / "new"
        if select is not None and out.exists():
            shutil.copytree(out, fresh)
        else:
            fresh.mkdir()
        manifest = render(graph, chosen, Path(scratch), fresh, jobs=jobs)
        manifest.write(fresh)
        exchange(fresh, out)
    return manifest


def render(
    graph: StackGraph, nodes: Sequence[Node], scratch: Path, fresh: Path, *, jobs: int = 1, layout: Layout = "cdktf"
) -> Manifest:
    """Write `nodes` into `fresh`, which may hold other stacks of the graph; returns the manifest of all, unwritten.

    A stack's bytes are the same in each layout. `scratch` is a folder on the same file system for what is being made.
    Raises ConfigError for an adoption that meets nothing.
    """
    check_stacks(graph)
    _write_stacks(graph, nodes, scratch, fresh, jobs, layout)
    _check_adoption(graph, fresh, layout)
    return _manifest(graph, fresh, layout)


def _write_stacks(
    graph: StackGraph, nodes: Sequence[Node], scratch: Path, fresh: Path, jobs: int, layout: Layout
) -> None:
    if not nodes:
        return
    parts = [list(nodes[start::jobs]) for start in range(min(jobs, len(nodes)))]
    written = [scratch / f"part-{number}" for number in range(len(parts))]
    tasks = [(graph, part, place) for part, place in zip(parts, written, strict=True)]
    if len(tasks) == 1:
        _synthesise_part(*tasks[0])
    else:
        # spawn: a forked jsii would share its pipe to Node with the parent
        with multiprocessing.get_context("spawn").Pool(len(tasks)) as pool:
            pool.starmap(_synthesise_part, tasks)
    for place in written:
        for stack in sorted((place / STACKS).iterdir()):
            target = fresh / folder(graph.organization, graph.nodes[stack.name], layout)
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            stack.rename(target)
    if layout == "cdktf":
        _write_index([place / CDKTF_MANIFEST for place in written], fresh)


def _write_index(parts: Sequence[Path], fresh: Path) -> None:
    """What the cdktf CLI reads: the stacks of all parts, beside those that `fresh` has already."""
    stacks: dict[str, object] = {}
    previous = fresh / CDKTF_MANIFEST
    if previous.exists():
        stacks |= json.loads(previous.read_text(encoding="utf-8"))["stacks"]
    version = ""
    for part in parts:
        written = json.loads(part.read_text(encoding="utf-8"))
        version, stacks = written["version"], stacks | written["stacks"]
    content = {"version": version, "stacks": dict(sorted(stacks.items()))}
    (fresh / CDKTF_MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _synthesise_part(graph: StackGraph, nodes: Sequence[Node], place: Path) -> None:
    """Synthesise some of the stacks with one jsii. Runs in a process of its own when there are several parts."""
    require_node()
    from cdktf import App  # here, so that what only reads the graph never starts Node

    from environments.compose import compose

    place.mkdir(parents=True)
    # Stack traces would put paths of this machine into the manifest; validation would ask for a terraform binary.
    app = App(outdir=str(place), stack_traces=False, skip_validation=True)
    stacks: list[PlatformStack] = [compose(app, graph, node) for node in nodes]
    app.synth()
    for stack in stacks:
        for path, content in stack.assets.items():
            target = place / STACKS / stack.place.id / path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)


def _is_committed(out: Path) -> bool:
    """Whether a synthesis in the layout `live` stands there; a manifest that cannot be read is not one."""
    try:
        return Manifest.parse(out).layout == "live"
    except ManifestError:
        return False


def _manifest(graph: StackGraph, fresh: Path, layout: Layout) -> Manifest:
    organization, entries = graph.organization, []
    for node in graph.nodes.values():
        path = f"{folder(organization, node, layout)}/{STACK_FILE}"
        if not (fresh / path).is_file():
            continue  # a narrow run over an empty folder writes only what was selected
        entries.append(_entry(graph, node, fresh, path))
    if not entries:
        raise SynthError(f"no stack was written to {fresh / FILE_NAME}")
    envelopes = {name: organization.settings(name).cost_reporting.idle_usd_per_month for name in ENVIRONMENTS}
    return Manifest(
        layout=layout,
        organization=_summary(organization, graph),
        stacks=tuple(entries),
        idle_usd_per_month={name: envelope for name, envelope in envelopes.items() if envelope is not None},
    )


def _check_adoption(graph: StackGraph, fresh: Path, layout: Layout) -> None:
    """What is adopted by key or name is found where all stacks are there; a narrow run may lack those that hold it."""
    if graph.organization.adopt == Adoption():
        return
    places = {stack_id: folder(graph.organization, node, layout) for stack_id, node in graph.nodes.items()}
    paths = {stack_id: fresh / where / STACK_FILE for stack_id, where in places.items()}
    if all(path.is_file() for path in paths.values()):
        check_whole(graph, {stack_id: json.loads(path.read_bytes()) for stack_id, path in paths.items()})


def _entry(graph: StackGraph, node: Node, fresh: Path, where: str) -> StackEntry:
    path = fresh / where
    state = graph.state(node)
    resources = json.loads(path.read_bytes()).get("resource", {})
    return StackEntry(
        id=node.id,
        stack=node.stack,
        module=node.module,
        account=node.account.name,
        environment=node.account.environment,
        region=node.region,
        tier=tier(node.account.environment),
        owner=owner(graph.organization, node),
        path=where,
        state_bucket=state.bucket,
        state_key=state.key,
        depends_on=graph.depends_on(node),
        resources=sum(len(named) for named in resources.values()),
        sha256=digest(path),
        assets={
            asset.relative_to(path.parent).as_posix(): digest(asset)
            for asset in sorted(path.parent.rglob("*"))
            if asset.is_file() and asset != path
        },
    )


def _summary(organization: Organization, graph: StackGraph) -> OrganizationSummary:
    return OrganizationSummary(
        name=organization.name,
        partition=organization.partition,
        home_region=organization.home_region,
        management_account_id=graph.management.id or "",
        units=tuple(UnitSummary(key=unit.key, name=unit.name, parent=unit.parent) for unit in organization.units),
        accounts=tuple(
            AccountSummary(
                name=account.name,
                id=account.id,
                unit=account.unit,
                environment=account.environment,
                roles=account.roles,
                team=account.team,
                domain=account.domain,
                origins=account.origins,
            )
            for account in organization.accounts
        ),
    )
