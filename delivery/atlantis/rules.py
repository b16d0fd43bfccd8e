"""What no parser of Atlantis looks at, or only both files together: what would be planned wrongly, or not at all."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, get_args

from delivery.atlantis.model import (
    DEFAULT_WORKFLOW,
    DEFAULT_WORKSPACE,
    Override,
    Project,
    Repo,
    RepoConfig,
    ServerConfig,
)
from environments.manifest import STACK_FILE


def faults(config: RepoConfig, *, root: Path | None = None) -> Iterator[str]:
    """What is wrong in atlantis.yaml although Atlantis accepts it. `root`, the repository, is looked at if given."""
    projects = config.projects or []
    if not projects:
        yield "projects: there is none, so nothing would ever be planned"
    yield from _order(projects)
    yield from _triggers(projects)
    for project in projects:
        if (project.workspace or DEFAULT_WORKSPACE) != DEFAULT_WORKSPACE:
            yield f"{project.label}: workspace {project.workspace}: hooks run in the clone of `default` alone"
        if root is not None and not any((root / project.dir).glob("*.tf.json")):
            yield f"{project.label}: dir {project.dir} holds no *.tf.json: Atlantis skips it, and plans nothing"


def _order(projects: Iterable[Project]) -> Iterator[str]:
    """A dependency that is nobody, a cycle, and groups that do not say what the dependencies say."""
    named = {project.name: project for project in projects if project.name is not None}
    for project in projects:
        group = project.execution_order_group or 0
        if group < 0:
            yield f"{project.label}: execution_order_group {group} is below 0"
        for name in project.depends_on or ():
            if name not in named:
                yield f"{project.label}: depends_on {name}, which is no project: it would never hold anything back"
            elif (named[name].execution_order_group or 0) >= group:
                yield f"{project.label}: depends_on {name}, whose execution_order_group is not below its own"
    try:
        TopologicalSorter({name: project.depends_on or () for name, project in named.items()}).prepare()
    except CycleError as error:
        yield f"depends_on is a cycle: {' -> '.join(map(str, error.args[1]))}"


def _triggers(projects: Iterable[Project]) -> Iterator[str]:
    """A project that its own file does not trigger, or that another's does."""
    on = [project for project in projects if project.autoplan is None or project.autoplan.enabled is not False]
    for project in on:
        patterns = (project.autoplan.when_modified if project.autoplan else None) or ["**/*.tf*"]
        own = posixpath.join(project.dir, STACK_FILE)
        if any(pattern.startswith("../") for pattern in patterns):
            continue  # planned by what it is made from (mode hook): that is every stack's, on purpose
        if not hits(project.dir, patterns, own):
            yield f"{project.label}: when_modified does not match its own {STACK_FILE}: it would never be planned"
        for other in on:
            if other.dir != project.dir and hits(project.dir, patterns, posixpath.join(other.dir, STACK_FILE)):
                yield f"{project.label}: when_modified matches {STACK_FILE} of {other.label}, too"


def hits(folder: str, patterns: Iterable[str], file: str) -> bool:
    """Whether a changed file makes Atlantis plan the project in `folder`: the last pattern that matches decides."""
    found = False
    for pattern in patterns:
        if _pattern(folder, pattern.removeprefix("!")).fullmatch(file):
            found = not pattern.startswith("!")
    return found


@cache
def _pattern(folder: str, pattern: str) -> re.Pattern[str]:
    """`**` is any text, `*` and `?` stop at `/`, as in the patterns of .dockerignore, which Atlantis uses."""
    glob = posixpath.normpath(posixpath.join(folder, pattern))
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(words.get(part, re.escape(part)) for part in parts))


def server_faults(server: ServerConfig) -> Iterator[str]:
    """What is wrong in repos.yaml although Atlantis accepts it."""
    sets = len(server.policies.policy_sets) if server.policies else 0
    for repo in server.repos or ():
        if not repo.custom_policy_check:
            continue
        for name in repo.allowed_workflows or [repo.workflow or DEFAULT_WORKFLOW]:
            stage = (server.workflows or {}).get(name)
            steps = (stage.policy_check.steps or []) if stage and stage.policy_check else []
            if (said := sum(step.name == "run" for step in steps)) != sets:
                yield f"workflows.{name}: policy_check has {said} run steps, and there are {sets} policy sets to name"


def refused(config: RepoConfig, server: ServerConfig, repository: str) -> Iterator[str]:
    """Why the server would reject this atlantis.yaml of the repository: the last entry that has a key decides."""
    entries = [repo for repo in server.repos or () if repo.matches(repository)]
    if not entries:
        yield f"{repository} is no repository of the server's configuration"
        return
    allowed = _last(entries, "allowed_overrides") or []
    custom, listed = bool(_last(entries, "allow_custom_workflows")), _last(entries, "allowed_workflows")
    if config.workflows and not custom:
        yield "workflows: the server does not allow workflows of the repository's own (allow_custom_workflows)"
    known: Mapping[str, object] = {DEFAULT_WORKFLOW: None, **(server.workflows or {}), **(config.workflows or {})}
    for project in config.projects or ():
        for key in get_args(Override):
            if getattr(project, key) is not None and key not in allowed:
                yield f"{project.label}: {key} is not among the server's allowed_overrides: the whole file is rejected"
        if project.workflow is not None and project.workflow not in known:
            yield f"{project.label}: workflow {project.workflow} is defined nowhere"
        elif project.workflow is not None and listed and project.workflow not in listed:
            yield f"{project.label}: workflow {project.workflow} is not among the server's allowed_workflows"


def _last(entries: Iterable[Repo], key: str) -> Any:
    values = [getattr(entry, key) for entry in entries if getattr(entry, key) is not None]
    return values[-1] if values else None
