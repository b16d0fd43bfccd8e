"""What stands on Atlantis's server: `repos.yaml`, its environment, and the profiles of its AWS roles.

A pull request changes none of the three: they are taken from the branch by who runs the server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from delivery.atlantis.model import AutoDiscover, Owners, Policies, PolicySet, Repo, RepoLocks, ServerConfig
from delivery.atlantis.projects import ACCESS, ACCESS_WORKFLOW, REQUIREMENTS, WORKFLOWS
from delivery.atlantis.steps import Hook, Stage, Step, Workflow
from delivery.atlantis.text import write
from delivery.target import Access
from environments.atlantis_settings import Mode, PolicyOwners
from environments.delivery_settings import Delivery
from environments.graph import StackGraph
from environments.layout import LIVE
from modules.foundations.contract import CiContract

REPOS, ENVIRONMENT, PROFILES = ".atlantis/repos.yaml", ".atlantis/server.env", ".atlantis/aws-config"
PROFILE: dict[Access, str] = {"plan": "mlgov-plan", "apply": "mlgov-apply"}
# Of the server, never of the clone: what lies in a clone comes from a pull request, verdicts that pass included.
# By pull request, as the review asks for the gate's last verdict.
WORK = '"$HOME/.mlgov/$PULL_NUM"'
_ROOT = 'cd "$(git rev-parse --show-toplevel)"'
_WRITTEN = (
    "Written by `mlgov atlantis`; `mlgov atlantis --check` says whether it is current. ADR 41 says why it is so.\n"
)


def server_config(graph: StackGraph) -> ServerConfig:
    """The content of repos.yaml."""
    delivery = graph.organization.delivery
    workflows = {name: workflow(which, delivery.atlantis.mode) for which, name in WORKFLOWS.items()}
    workflows[ACCESS_WORKFLOW] = workflow(ACCESS, delivery.atlantis.mode, planned_as="apply")
    return ServerConfig(
        repos=[_repo(delivery, list(workflows))],
        workflows=workflows,
        # By the order of their steps. What a policy forbids is waived in the repository, dated and reasoned; what a
        # review asks about is a person's to answer.
        policies=Policies(
            policy_sets=[
                _policy_set("mlgov-gate", PolicyOwners()),
                _policy_set("mlgov-review", delivery.atlantis.policy_owners),
            ]
        ),
    )


def _repo(delivery: Delivery, workflows: list[str]) -> Repo:
    hooks = [Hook(run=_HOOK, description="synthesise the stacks and judge them", commands="plan")]
    repo = Repo(
        id=delivery.repository,
        branch=f"/^{re.escape(delivery.branch)}$/",
        apply_requirements=list(REQUIREMENTS),
        import_requirements=list(REQUIREMENTS),
        # Of a project that names none, and of a folder that is no project: Atlantis's own has no guard.
        workflow=WORKFLOWS["foundation"],
        # The guard of each workflow refuses a project that chose another than is written for it.
        allowed_overrides=["workflow", "plan_requirements"],
        allowed_workflows=workflows,
        allow_custom_workflows=False,
        policy_check=True,
        custom_policy_check=True,
        repo_locks=RepoLocks(mode="on_plan"),
        autodiscover=AutoDiscover(mode="disabled"),
    )
    return repo.model_copy(update={"pre_workflow_hooks": hooks}) if delivery.atlantis.mode == "hook" else repo


_HOOK = f"""\
set -e
{_ROOT}
mlgov synth --live --work {WORK}
mlgov atlantis
mlgov gate --out {LIVE} --work {WORK}
"""


def workflow(which: str, mode: Mode, *, planned_as: Access = "plan") -> Workflow:
    """The workflow of a tier: every stage begins with the guard, and names the one role that it works with."""
    guard = _run(
        f'mlgov atlantis --guard {which} --project "$PROJECT_NAME" --dir "$REPO_REL_DIR" --arguments "$COMMENT_ARGS"'
    )
    return Workflow(
        plan=Stage(steps=[guard, *_as(planned_as), _init(mode), Step("plan")]),
        policy_check=Stage(
            steps=[
                _run(f'mlgov gate --policy-check --out {LIVE} --stack "$PROJECT_NAME" --work {WORK}'),
                Step("show"),
                # The JSON alone does not tell all that a plan was made of: of `locals` it shows no value.
                _run(
                    f'mlgov review --policy-check --out {LIVE} --work {WORK} "$PROJECT_NAME=$SHOWFILE" '
                    '--plan-file "$PROJECT_NAME=$PLANFILE"'
                ),
            ]
        ),
        apply=Stage(steps=[guard, *_as("apply"), Step("apply")]),
    )


def _init(mode: Mode) -> Step:
    """`terraform init` by the lock file that came with the stack.

    Where git does not know that file, Atlantis's own step deletes it and takes the newest provider.
    """
    if mode == "committed":
        return Step({"init": {"extra_args": ["-lockfile=readonly"]}})
    return Step({"run": 'terraform -chdir="$DIR" init -input=false -no-color -lockfile=readonly'})


def _run(command: str) -> Step:
    return Step({"run": f"{_ROOT} && {command}"})


def _as(access: Access) -> Iterator[Step]:
    """Steps that make what follows work as the plan or the apply role, in the account and in the base role."""
    for name, value in (("TF_VAR_access", access), ("AWS_PROFILE", PROFILE[access])):
        yield Step({"env": {"name": name, "value": value}})


def _policy_set(name: str, owners: PolicyOwners) -> PolicySet:
    """Atlantis demands a path, which a tool of one's own does not read."""
    given = {key: list(names) for key, names in (("users", owners.users), ("teams", owners.teams)) if names}
    found = PolicySet(name=name, path=".", source="local", approve_count=1, prevent_self_approve=True)
    return found.model_copy(update={"owners": Owners.model_validate(given)}) if given else found


def server_text(graph: StackGraph) -> str:
    """The bytes of repos.yaml."""
    return write(
        server_config(graph), _WRITTEN + "Atlantis reads it from the server (--repo-config), not from a pull request."
    )


def environment_text(graph: StackGraph) -> str:
    """The bytes of server.env: Atlantis's flags as variables, and what Terraform and the AWS SDK are told."""
    delivery = graph.organization.delivery
    lines = [
        ("", "Whose webhooks count, and what may be asked in a comment: no import, no change of state by hand."),
        ("ATLANTIS_REPO_ALLOWLIST", delivery.repository),
        ("ATLANTIS_ALLOW_COMMANDS", "version,plan,apply,unlock,approve_policies"),
        ("ATLANTIS_ALLOW_FORK_PRS", "false"),
        ("", "Where repos.yaml is kept on the server."),
        ("ATLANTIS_REPO_CONFIG", "/etc/mlgov/repos.yaml"),
        ("", "Makes policies_passed a requirement of every apply; without it policy checks decide nothing."),
        ("ATLANTIS_ENABLE_POLICY_CHECKS", "true"),
        ("", "A hook that does not end well stops the command; by default Atlantis goes on."),
        ("ATLANTIS_FAIL_ON_PRE_WORKFLOW_HOOK_ERROR", "true"),
        ("", "Plans what the branch will be after the merge; `undiverged` works with no other strategy."),
        ("ATLANTIS_CHECKOUT_STRATEGY", "merge"),
        ("", "The token of the code host stays out of the reach of what Terraform starts."),
        ("ATLANTIS_WRITE_GIT_CREDS", "false"),
        ("", "Terraform 1.11 or later is in the server's image, with the providers' mirror."),
        ("ATLANTIS_TF_DOWNLOAD", "false"),
        ("", "A Terraform takes 0.7 GB."),
        ("ATLANTIS_PARALLEL_POOL_SIZE", "4"),
        ("", "The profiles of aws-config; a server without them reaches no account."),
        ("AWS_CONFIG_FILE", "/etc/mlgov/aws-config"),
        ("AWS_REGION", graph.organization.home_region),
        ("", "Terraform asks nobody whether there is a later version."),
        ("CHECKPOINT_DISABLE", "1"),
    ]
    body = "".join(f"{name}={value}\n" if name else f"# {value}\n" for name, value in lines)
    return "".join(f"# {line}\n" for line in _WRITTEN.splitlines()) + body


def profiles_text(graph: StackGraph) -> str:
    """The bytes of the AWS configuration: from the server's role to the two roles that CI takes, too."""
    delivery = graph.organization.delivery
    contract = CiContract(**CiContract.names(graph.naming_of(graph.management)))
    roles: dict[Access, str] = {"plan": contract.ci_plan_role_arn, "apply": contract.ci_apply_role_arn}
    sections = [
        f"[profile {PROFILE[access]}]\n"
        f"role_arn = {arn}\n"
        f"external_id = {delivery.external_id}\n"
        f"credential_source = {delivery.atlantis.credential_source}\n"
        f"role_session_name = atlantis-{access}\n"
        f"region = {graph.organization.home_region}\n"
        for access, arn in roles.items()
    ]
    return "".join(f"# {line}\n" for line in _WRITTEN.splitlines()) + "\n" + "\n".join(sections)
