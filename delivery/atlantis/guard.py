"""The first step of each workflow: whether the project is what this workflow is for, and is nothing but our Terraform.

Which workflow a project has, what it requires and where it stands are written in atlantis.yaml, and so by the pull
request's author. The server's own steps call the guard before they take any role.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from delivery.atlantis.foreign import foreign
from delivery.atlantis.model import DEFAULT_WORKSPACE, Project, RepoConfig
from delivery.atlantis.projects import ACCESS, ACCESS_WORKFLOW, BOOTSTRAP, FILE_NAME, REQUIREMENTS, WORKFLOWS
from delivery.atlantis.text import read
from environments.layout import LIVE
from environments.live import LOCK_FILE
from environments.manifest import STACK_FILE, Manifest, StackEntry, content
from environments.tiers import tier
from environments.vocabulary import ENVIRONMENTS
from policies.errors import GateError
from policies.reading import ViewError, parse

GUARDS = (*WORKFLOWS, ACCESS)
# Of the file: no workflows, policies or silence of its own.
_FILE_KEYS = frozenset(
    {
        "abort_on_execution_order_fail",
        "autodiscover",
        "automerge",
        "parallel_apply",
        "parallel_plan",
        "projects",
        "repo_locks",
        "version",
    }
)
# Of a project; any other, such as a version of Terraform, would be its author's choice.
_KEYS = frozenset(
    {
        "autoplan",
        "depends_on",
        "dir",
        "execution_order_group",
        "name",
        "plan_requirements",
        "workflow",
        "workspace",
    }
)


def check(root: Path, *, guard: str, project: str, folder: str, arguments: str) -> None:
    """Raise GateError, with every reason, unless the project may be planned or applied by the workflow of `guard`.

    `root` is the clone, `folder` the project's folder in it, `arguments` what the comment asks of Terraform. Raises
    ConfigError when atlantis.yaml, and ManifestError when live/ or the stack, is not what mlgov writes.
    """
    if reasons := list(_reasons(root, guard=guard, project=project, folder=folder, arguments=arguments)):
        raise GateError("\n".join(f"{project or folder}: {reason}" for reason in reasons))


def _reasons(root: Path, *, guard: str, project: str, folder: str, arguments: str) -> Iterator[str]:
    if arguments.strip():
        yield "the comment hands arguments to Terraform; plan and apply stacks whole"
    config = read(RepoConfig, (root / FILE_NAME).read_text(encoding="utf-8"), FILE_NAME)
    if more := sorted(config.model_fields_set - _FILE_KEYS):
        yield f"{FILE_NAME} has {', '.join(more)}, which mlgov does not write"
    found = next((one for one in config.projects or () if one.name == project), None)
    if found is None or found.dir != folder:
        yield f"{FILE_NAME} has no project of this name in {folder}; run `mlgov atlantis`"
    else:
        yield from _chosen(found, guard)
    out = root / LIVE
    manifest = Manifest.read(out)
    entry = next((one for one in manifest.stacks if one.id == project), None)
    if entry is None or f"{LIVE}/{entry.folder}" != folder:
        yield f"{LIVE}/ has no such stack in {folder}; run `mlgov synth --live`"
        return
    yield from _placed(entry, guard)
    yield from _committed(root, entry)
    yield from _held(out, entry)


def _chosen(project: Project, guard: str) -> Iterator[str]:
    """Whether atlantis.yaml gives the project this workflow, and what goes with it."""
    workflow = ACCESS_WORKFLOW if guard == ACCESS else WORKFLOWS.get(guard)
    if project.workflow != workflow:
        yield f"{FILE_NAME} gives it the workflow {project.workflow}, and this is {workflow}"
    if (project.workspace or DEFAULT_WORKSPACE) != DEFAULT_WORKSPACE:
        yield f"{FILE_NAME} gives it the workspace {project.workspace}; state is kept in {DEFAULT_WORKSPACE}"
    if more := sorted(project.model_fields_set - _KEYS):
        yield f"{FILE_NAME} says of it {', '.join(more)}, which mlgov does not write"
    required = set(project.plan_requirements or ())
    if guard == ACCESS and (missing := [one for one in REQUIREMENTS if one not in required]):
        yield f"it is planned as the apply role, so its plan_requirements must have {', '.join(missing)}, too"


def _placed(entry: StackEntry, guard: str) -> Iterator[str]:
    """Whether the stack is of the guard's tier, as its folder says, which decides."""
    environment = entry.path.partition("/")[0]
    tiers = [tier(known) for known in ENVIRONMENTS if known == environment]
    if tiers != [entry.tier] or entry.environment != environment:
        yield f"it stands in {environment}, and {LIVE}/ says: environment {entry.environment}, tier {entry.tier}"
    if entry.stack == BOOTSTRAP:
        yield "it holds the state and the roles of all others: an administrator applies it (ADR 5)"
    elif (guard == ACCESS) != (entry.stack == ACCESS) or (guard != ACCESS and [guard] != tiers):
        yield f"the workflow of {guard} is not for a stack of the kind {entry.stack} in {environment}"


def _committed(root: Path, entry: StackEntry) -> Iterator[str]:
    """Whether the pull request brings nothing into the folder but what was synthesised.

    A provider committed below `.terraform` runs if the committed lock file has its hash, and a workspace chosen there
    counts. What Terraform has put there itself git does not know. Behind a link git would not look.
    """
    folder = root.resolve() / LIVE / entry.folder
    if folder.resolve() != folder:
        yield f"{LIVE}/{entry.folder} stands behind a symbolic link"
        return
    listed = subprocess.run(["git", "ls-files", "-z", "--", "."], cwd=folder, capture_output=True, check=False)
    if listed.returncode:
        yield f"git does not say what is committed in it: {listed.stderr.decode(errors='replace').strip()}"
        return
    ours = {path.removeprefix(f"{entry.folder}/") for path in entry.files} | {LOCK_FILE}
    for name in sorted(set(listed.stdout.decode(errors="replace").split("\0")) - ours - {""}):
        yield f"the folder holds {name}, which mlgov does not write"


def _held(out: Path, entry: StackEntry) -> Iterator[str]:
    """Whether the folder holds what was synthesised, and nothing that its author chose to have run.

    That it holds nothing else that Terraform reads, `Manifest.read` has seen to.
    """
    path = out / entry.path
    for asset, sha256 in entry.assets.items():
        content(path.parent / asset, sha256, entry.id)
    if not (path.parent / LOCK_FILE).is_file():
        yield f"there is no {LOCK_FILE}: the provider's bytes would be anybody's; run `mlgov synth --live --lock`"
    try:
        document = parse(content(path, entry.sha256, entry.id))  # refuses a key that stands twice: Terraform reads both
    except ViewError as error:
        yield f"{STACK_FILE} cannot be judged: {error}"
        return
    for what in foreign(document):
        yield f"{STACK_FILE} holds {what}, which no synthesis of mlgov writes"
