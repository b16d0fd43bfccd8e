"""atlantis.yaml and the server's repos.yaml: the keys, types and bounds that Atlantis 0.47 accepts, as we read them.

After server/core/config/raw and server/core/config/valid of runatlantis/atlantis. What its parser lets through although
it cannot work is in `delivery.atlantis.rules`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Annotated, Literal
from urllib.parse import quote_plus

from pydantic import AfterValidator, Field, field_validator, model_validator

from delivery.atlantis.steps import Hook, Keys, NonEmpty, Regex, Workflow, regex

Requirement = Literal["approved", "mergeable", "undiverged"]
# Keys of a project that the server must allow, or it rejects the whole atlantis.yaml.
Override = Literal[
    "plan_requirements",
    "apply_requirements",
    "import_requirements",
    "workflow",
    "delete_source_branch_on_merge",
    "repo_locking",
    "repo_locks",
    "policy_check",
    "custom_policy_check",
    "silence_pr_comments",
]
Silenced = Literal["plan", "apply"]
DEFAULT_WORKFLOW = DEFAULT_WORKSPACE = "default"
_GLOB = re.compile(r"[*?\[]")


def _project_name(name: str) -> str:
    plain = name.replace("/", "-")
    if not name or quote_plus(plain, safe="") != plain:
        raise ValueError(f"{name!r} must hold only characters that stand in a URL as they are, or /")
    return name


def _directory(folder: str) -> str:
    if not folder or ".." in folder:
        raise ValueError("must name a folder of the repository, without `..`")
    return folder


def _version(version: str) -> str:
    if not re.fullmatch(r"v?[0-9]+(\.[0-9]+){0,2}(-[0-9A-Za-z.-]+)?", version):
        raise ValueError(f"{version!r} is no version such as 1.11.4")
    return version


def _workspace(workspace: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", workspace) or ".." in workspace:
        raise ValueError(f"{workspace!r} is no workspace: it becomes a folder's name")
    return workspace


class Autoplan(Keys):
    """Which files of a pull request make Atlantis plan the project, relative to its folder."""

    when_modified: list[str] | None = None
    enabled: bool | None = None


class RepoLocks(Keys):
    """When the project is locked for the pull request."""

    mode: Literal["on_plan", "on_apply", "disabled"] | None = None


class AutoDiscover(Keys):
    """Whether Atlantis looks for projects itself. Its parser lets any mode through; only these mean something."""

    mode: Literal["auto", "enabled", "disabled"] | None = None
    ignore_paths: list[str] | None = None


class Project(Keys):
    """A folder that Terraform runs in."""

    name: Annotated[str, AfterValidator(_project_name)] | None = None
    branch: Regex | None = None
    dir: Annotated[str, AfterValidator(_directory)]
    workspace: Annotated[str, AfterValidator(_workspace)] | None = None
    workflow: str | None = None
    terraform_distribution: Literal["terraform", "opentofu"] | None = None
    terraform_version: Annotated[str, AfterValidator(_version)] | None = None
    autoplan: Autoplan | None = None
    plan_requirements: list[Requirement] | None = None
    apply_requirements: list[Requirement] | None = None
    import_requirements: list[Requirement] | None = None
    depends_on: list[str] | None = None
    delete_source_branch_on_merge: bool | None = None
    repo_locking: bool | None = None
    repo_locks: RepoLocks | None = None
    execution_order_group: int | None = None
    policy_check: bool | None = None
    custom_policy_check: bool | None = None
    silence_pr_comments: list[Silenced] | None = None

    @model_validator(mode="after")
    def _named_once(self) -> Project:
        if self.name is not None and _GLOB.search(self.dir):
            raise ValueError("a project whose dir is a pattern cannot have a name: the pattern stands for several")
        return self

    @property
    def label(self) -> str:
        return self.name or self.dir


class Owners(Keys):
    """Who may approve what a policy set refuses."""

    users: list[str] | None = None
    teams: list[str] | None = None


class PolicySet(Keys):
    """One set of policies; with custom_policy_check the n-th set is the output of the n-th step that says something."""

    name: NonEmpty
    path: NonEmpty
    source: Literal["local"] = "local"
    owners: Owners | None = None
    approve_count: Annotated[int, Field(ge=0)] | None = None
    prevent_self_approve: bool | None = None


class Policies(Keys):
    """The policy sets."""

    conftest_version: Annotated[str, AfterValidator(_version)] | None = None
    owners: Owners | None = None
    approve_count: Annotated[int, Field(ge=0)] | None = None
    policy_sets: Annotated[list[PolicySet], Field(min_length=1)]


class RepoConfig(Keys):
    """`atlantis.yaml`, which a pull request brings along."""

    version: Literal[2, 3]
    automerge: bool | None = None
    parallel_plan: bool | None = None
    parallel_apply: bool | None = None
    abort_on_execution_order_fail: bool | None = None
    delete_source_branch_on_merge: bool | None = None
    emoji_reaction: str | None = None
    allowed_regexp_prefixes: list[str] | None = None
    autodiscover: AutoDiscover | None = None
    repo_locks: RepoLocks | None = None
    silence_pr_comments: list[Silenced] | None = None
    policies: Policies | None = None
    projects: list[Project] | None = None
    workflows: dict[str, Workflow] | None = None

    @model_validator(mode="after")
    def _told_apart(self) -> RepoConfig:
        projects = self.projects or []
        names = Counter(project.name for project in projects if project.name is not None)
        if twice := sorted(name for name, count in names.items() if count > 1):
            raise ValueError(f"two projects are called {', '.join(twice)}")
        places = Counter((project.dir.strip("/"), project.workspace or DEFAULT_WORKSPACE) for project in projects)
        for project in projects:
            place = (project.dir.strip("/"), project.workspace or DEFAULT_WORKSPACE)
            if places[place] > 1 and project.name is None:
                raise ValueError(f"several projects stand in {place[0]} ({place[1]}): each needs a name")
        return self


class Repo(Keys):
    """What the server lets one repository do. `id` is `host/owner/name`, or a regular expression between slashes."""

    id: NonEmpty
    branch: Regex | None = None
    repo_config_file: str | None = None
    plan_requirements: list[Requirement] | None = None
    apply_requirements: list[Requirement] | None = None
    import_requirements: list[Requirement] | None = None
    workflow: str | None = None
    allowed_overrides: list[Override] | None = None
    allowed_workflows: list[str] | None = None
    allow_custom_workflows: bool | None = None
    delete_source_branch_on_merge: bool | None = None
    repo_locking: bool | None = None
    repo_locks: RepoLocks | None = None
    policy_check: bool | None = None
    custom_policy_check: bool | None = None
    autodiscover: AutoDiscover | None = None
    silence_pr_comments: list[Silenced] | None = None
    pre_workflow_hooks: list[Hook] | None = None
    post_workflow_hooks: list[Hook] | None = None

    @field_validator("id")
    @classmethod
    def _id(cls, text: str) -> str:
        return regex(text) if text.startswith("/") and text.endswith("/") else text

    @field_validator("repo_config_file")
    @classmethod
    def _file(cls, text: str | None) -> str | None:
        if text and (text.startswith("/") or ".." in text):
            raise ValueError("must lie in the repository: no leading / and no `..`")
        return text

    def matches(self, repository: str) -> bool:
        """Whether this entry is about the repository."""
        if self.id.startswith("/") and self.id.endswith("/"):
            return re.search(self.id[1:-1], repository) is not None
        return self.id == repository


class ServerConfig(Keys):
    """`repos.yaml`, which stands on the server."""

    repos: list[Repo] | None = None
    workflows: dict[str, Workflow] | None = None
    policies: Policies | None = None
    metrics: dict[str, dict[str, str]] | None = None
    team_authz: dict[str, str | list[str]] | None = None

    @model_validator(mode="after")
    def _defined(self) -> ServerConfig:
        known = {DEFAULT_WORKFLOW, *(self.workflows or {})}
        for repo in self.repos or []:
            for name in (repo.workflow, *(repo.allowed_workflows or [])):
                if name is not None and name not in known:
                    raise ValueError(f"repository {repo.id}: workflow {name} is not defined")
        return self
