"""`atlantis.yaml` of an organisation: a project for each stack that Atlantis may plan and apply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from delivery.atlantis.model import AutoDiscover, Autoplan, Project, RepoConfig, RepoLocks, Requirement
from delivery.atlantis.text import write
from environments.atlantis_settings import Mode
from environments.graph import StackGraph
from environments.layout import LIVE, folder
from environments.live import LOCK_FILE
from environments.manifest import STACK_FILE, StackEntry
from environments.tiers import tier
from environments.vocabulary import TIERS, Tier
from environments.waves import waves

FILE_NAME = "atlantis.yaml"
# Kinds of stacks whose plan needs more than the plan role has (ADR 5).
BOOTSTRAP, ACCESS = "bootstrap", "access"
# Exactly what Terraform reads in a stack's folder.
INPUTS = (STACK_FILE, "assets/**", LOCK_FILE)
REQUIREMENTS: tuple[Requirement, ...] = ("approved", "mergeable", "undiverged")
# A workflow by tier, and one for the stacks that are planned with the apply role.
WORKFLOWS: dict[str, str] = {which: f"mlgov-{which}" for which in TIERS}
ACCESS_WORKFLOW = "mlgov-access"

_HEAD = """\
Written by `mlgov atlantis`; `mlgov atlantis --check` says whether it is current. ADR 41 says why it is so.
Not here: {bootstrap}, which an administrator of the management account applies."""


@dataclass(frozen=True, slots=True)
class Place:
    """What Atlantis needs to know of one stack. `folder` is relative to the repository, with `/`."""

    id: str
    kind: str
    tier: Tier
    folder: str
    producers: tuple[str, ...]


def places(graph: StackGraph, retired: Iterable[StackEntry] = ()) -> list[Place]:
    """Every stack of the graph, and the `retired` ones, which have left the YAML and are to be taken down."""
    found = [
        Place(
            node.id,
            node.stack,
            tier(node.account.environment),
            f"{LIVE}/{folder(graph.organization, node, 'live')}",
            graph.depends_on(node),
        )
        for node in graph.nodes.values()
    ]
    for entry in retired:
        found.append(Place(entry.id, entry.stack, entry.tier, f"{LIVE}/{entry.folder}", entry.depends_on))
    return found


def repository_config(graph: StackGraph, retired: Iterable[StackEntry] = ()) -> RepoConfig:
    """The content of atlantis.yaml, by wave and then by id."""
    every = places(graph, retired)
    wave = waves({place.id: place.producers for place in every})
    ours = sorted((place for place in every if place.kind != BOOTSTRAP), key=lambda place: (wave[place.id], place.id))
    there = {place.id for place in ours}
    return RepoConfig(
        version=3,
        automerge=False,
        parallel_plan=True,
        parallel_apply=True,
        abort_on_execution_order_fail=True,
        autodiscover=AutoDiscover(mode="disabled"),
        repo_locks=RepoLocks(mode="on_plan"),
        projects=[project(place, wave[place.id], there, graph) for place in ours],
    )


def project(place: Place, wave: int, there: set[str], graph: StackGraph) -> Project:
    """The project of a stack. One whose plan needs the apply role is planned on demand and after approval only."""
    settings, access = graph.organization.delivery.atlantis, place.kind == ACCESS
    needs = [producer for producer in place.producers if producer in there] if settings.depends_on else []
    more = ({"plan_requirements": list(REQUIREMENTS)} if access else {}) | ({"depends_on": needs} if needs else {})
    return Project(
        name=place.id,
        dir=place.folder,
        workspace="default",
        workflow=ACCESS_WORKFLOW if access else WORKFLOWS[place.tier],
        execution_order_group=wave,
        autoplan=Autoplan(when_modified=triggers(place.folder, settings.mode), enabled=not access),
    ).model_copy(update=more)


def triggers(below: str, mode: Mode) -> list[str]:
    """Patterns from the stack's folder on: its inputs, or with mode `hook` the YAML that it is synthesised from."""
    if mode == "committed":
        return list(INPUTS)
    up = "../" * (below.count("/") + 1)
    return [f"{up}environments/**"]


def repository_text(graph: StackGraph, retired: Sequence[StackEntry] = ()) -> str:
    """The bytes of atlantis.yaml."""
    bootstrap = next(node.id for node in graph.nodes.values() if node.stack == BOOTSTRAP)
    return write(repository_config(graph, retired), _HEAD.format(bootstrap=bootstrap))
