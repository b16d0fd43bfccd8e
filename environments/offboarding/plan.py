"""`mlgov offboard`: every stage to come is tried out on a copy, synthesised and compared. Nothing is written."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from environments.build import synthesise
from environments.files import DomainFile, TeamFile
from environments.load import load
from environments.messages import suggestion
from environments.model import Organization
from environments.offboarding.compare import compare
from environments.offboarding.copy import TrialCopy
from environments.offboarding.steps import Kind, LeavingPlan, Stage, Step
from environments.offboarding.words import Leaver, by_hand, commands
from environments.reading import read
from environments.vocabulary import OFFBOARDING, STAGES
from environments.yaml_tree import Node, plain
from modules.core.errors import ConfigError


def plan(config: Path, kind: Kind, name: str) -> LeavingPlan:
    """How the team or data domain `name` leaves the organisation in the folder `config`.

    The stacks of each stage are those of a real synthesis. Raises ConfigError when the configuration is faulty or
    knows nobody of that name.
    """
    organization = load(config)
    trees = read(config)
    tree = _find(kind, name, trees.teams if kind == "team" else trees.domains)
    file = _file(kind, tree)
    leaver = _leaver(organization, file)
    passed = OFFBOARDING.index(file.offboarding) + 1 if file.offboarding else 0
    with tempfile.TemporaryDirectory(prefix="mlgov-offboard-") as scratch:
        copy = TrialCopy.make(config, Path(scratch) / "config")
        steps = tuple(_steps(copy, kind, name, (*OFFBOARDING[passed:], "deleted"), leaver, Path(scratch)))
    return LeavingPlan(
        organization=organization.name,
        kind=kind,
        name=name,
        stage=file.offboarding,
        own=tuple(account.name for account in leaver.own),
        used=tuple(leaver.used),
        steps=steps,
    )


def _find(kind: Kind, name: str, trees: dict[str, Node]) -> Node:
    if name not in trees:
        what = "team" if kind == "team" else "data domain"
        raise ConfigError(f"there is no {what} {name}{suggestion(name, trees)}")
    return trees[name]


def _file(kind: Kind, tree: Node) -> TeamFile | DomainFile:
    text = json.dumps(plain(tree))
    return TeamFile.model_validate_json(text) if kind == "team" else DomainFile.model_validate_json(text)


def _leaver(organization: Organization, file: TeamFile | DomainFile) -> Leaver:
    sources = [file.accounts.of(stage) for stage in STAGES] if isinstance(file, TeamFile) else [file.account]
    known = {account.email: account for account in (*organization.accounts, *organization.closed)}
    return Leaver(
        kind="team" if isinstance(file, TeamFile) else "domain",
        owner=file.owner,
        own=[known[source.email] for source in sources if source.email],
        used=sorted({source.use for source in sources if source.use}),
        unit=organization.suspended_unit,
        external_groups=organization.identity.source == "external",
    )


def _steps(
    copy: TrialCopy, kind: Kind, name: str, stages: tuple[Stage, ...], leaver: Leaver, scratch: Path
) -> Iterator[Step]:
    before = scratch / "now"
    synthesise(copy.folder, before)
    for stage in stages:
        edit = copy.advance(kind, name, stage)
        hands, run = by_hand(stage, leaver), commands(stage, leaver)
        try:
            synthesise(copy.folder, scratch / stage)
        except ConfigError as error:
            yield Step(stage=stage, edit=edit, first=copy.told(error), by_hand=hands, commands=run)
            continue
        yield Step(stage=stage, edit=edit, stacks=compare(before, scratch / stage), by_hand=hands, commands=run)
        before = scratch / stage
