"""Atlantis's files of the reference organisation: current, complete, and such that Atlantis takes them."""

from __future__ import annotations

import copy
import re
import shlex
from pathlib import Path

import pytest

import main
from delivery import generated
from delivery.atlantis import files, projects, server
from delivery.atlantis.model import Project, RepoConfig, ServerConfig
from delivery.atlantis.rules import faults, hits
from delivery.atlantis.text import read, write
from environments.atlantis_settings import AtlantisSettings
from environments.graph import StackGraph
from environments.live import retired
from environments.load import load
from tests.support.stacks import Synthesis

ROOT = Path(__file__).parents[3]
REMEDY = "run `mlgov atlantis` and commit"


@pytest.fixture(name="graph", scope="module")
def _graph() -> StackGraph:
    return StackGraph(load(ROOT / "environments"))


@pytest.fixture(name="texts", scope="module")
def _texts(graph: StackGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return files.texts(graph, tmp_path_factory.mktemp("no-live"))


@pytest.fixture(name="by_id", scope="module")
def _by_id(texts: dict[str, str]) -> dict[str, Project]:
    config = read(RepoConfig, texts[projects.FILE_NAME], projects.FILE_NAME)
    return {str(project.name): project for project in config.projects or ()}


@pytest.fixture(name="there", scope="module")
def _there(texts: dict[str, str]) -> ServerConfig:
    return read(ServerConfig, texts[server.REPOS], server.REPOS)


def with_settings(graph: StackGraph, **settings: object) -> StackGraph:
    """The graph as it is with other settings of Atlantis, which no stack depends on."""
    other, organization = copy.copy(graph), graph.organization
    atlantis = AtlantisSettings.model_validate(settings)
    delivery = organization.delivery.model_copy(update={"atlantis": atlantis})
    other.organization = organization.model_copy(update={"delivery": delivery})
    return other


def commands(there: ServerConfig) -> list[str]:
    """Every `mlgov ...` that the server runs."""
    stages = [
        stage for flow in (there.workflows or {}).values() for stage in (flow.plan, flow.policy_check, flow.apply)
    ]
    lines = [step.command for stage in stages if stage for step in stage.steps or ()]
    lines += [hook.run for repo in there.repos or () for hook in repo.pre_workflow_hooks or ()]
    return [part.strip() for line in lines for part in re.split(r"&&|\n", line) if part.strip().startswith("mlgov ")]


def test_what_is_committed_is_what_is_generated(texts: dict[str, str]) -> None:
    """The repository's files of Atlantis are those of its YAML."""
    assert list(generated.differences(ROOT, texts)) == [], REMEDY


@pytest.mark.parametrize(("name", "model"), [(projects.FILE_NAME, RepoConfig), (server.REPOS, ServerConfig)])
def test_a_file_read_and_written_is_the_same(texts: dict[str, str], name: str, model: type[RepoConfig]) -> None:
    """Parse, model, write gives the same bytes."""
    head = "\n".join(line[2:] for line in texts[name].splitlines() if line.startswith("#"))
    assert write(read(model, texts[name], name), head) == texts[name]


def test_every_stack_but_the_bootstrap_is_a_project(graph: StackGraph, by_id: dict[str, Project]) -> None:
    """Named as the stack, in its folder below live/; the bootstrap stack is an administrator's."""
    assert set(graph.nodes) - set(by_id) == {"management-bootstrap"}
    assert set(by_id) <= set(graph.nodes)
    assert by_id["management-organization"].dir == "live/org/management/organization"


def test_a_stack_is_in_a_later_group_than_what_it_waits_for(graph: StackGraph, by_id: dict[str, Project]) -> None:
    """execution_order_group is the wave, so that one command applies producers before consumers."""
    for stack_id, project in by_id.items():
        for producer in set(graph.depends_on(graph.nodes[stack_id])) & set(by_id):
            assert (by_id[producer].execution_order_group or 0) < (project.execution_order_group or 0)


def test_a_stack_is_planned_by_each_of_its_inputs_and_no_others(by_id: dict[str, Project]) -> None:
    """JSON, assets and lock file of its own folder; not the YAML, not a neighbour, whose names may begin alike."""
    project = by_id["management-organization"]
    patterns = (project.autoplan and project.autoplan.when_modified) or []
    for file in ("cdk.tf.json", "assets/x.zip", ".terraform.lock.hcl"):
        assert hits(project.dir, patterns, f"{project.dir}/{file}")
        assert not hits(project.dir, patterns, f"{project.dir}-abroad/{file}")
    assert not hits(project.dir, patterns, "environments/organization.yaml")


def test_the_workflow_is_the_tiers(by_id: dict[str, Project]) -> None:
    """A folder below live/org is foundation, below prod production, else non-production; access has its own."""
    expected = {"org": "mlgov-foundation", "prod": "mlgov-production"}
    for project in by_id.values():
        _, environment, _, what = project.dir.split("/")
        tier = expected.get(environment, "mlgov-non-production")
        assert project.workflow == ("mlgov-access" if what == "access" else tier)


def test_access_stacks_are_planned_after_approval_only(by_id: dict[str, Project], there: ServerConfig) -> None:
    """Their plan works as ci-apply (ADR 5): nothing starts it but a comment, and not before a person approved."""
    for project in by_id.values():
        access = project.workflow == "mlgov-access"
        assert (project.autoplan and project.autoplan.enabled) is not access
        assert project.plan_requirements == (["approved", "mergeable", "undiverged"] if access else None)
    for name, flow in (there.workflows or {}).items():
        profiles = [step.variable for step in (flow.plan and flow.plan.steps) or ()]
        assert ("AWS_PROFILE", "mlgov-apply" if name == "mlgov-access" else "mlgov-plan") in profiles


def test_every_stage_begins_with_the_guard_and_ends_with_one_role(there: ServerConfig) -> None:
    """Before plan and apply take a role, the guard of the same tier has looked; apply works as the apply role."""
    for name, flow in (there.workflows or {}).items():
        for stage in (flow.plan, flow.apply):
            first, *rest = (stage and stage.steps) or ()
            assert f"--guard {name.removeprefix('mlgov-')} " in first.command
            assert [step.variable[0] for step in rest if step.name == "env"] == ["TF_VAR_access", "AWS_PROFILE"]
        assert ("TF_VAR_access", "apply") in [step.variable for step in (flow.apply and flow.apply.steps) or ()]


@pytest.mark.parametrize("mode", ["committed", "hook"])
def test_every_command_is_one_of_ours(graph: StackGraph, mode: str) -> None:
    """Each `mlgov ...` on the server has options that exist, and works in no folder that a pull request could bring."""
    parser, found = main.parser(), commands(server.server_config(with_settings(graph, mode=mode)))
    assert len(found) == {"committed": 16, "hook": 19}[mode]
    for command in found:
        options = parser.parse_args(shlex.split(command)[1:])
        if hasattr(options, "work"):
            assert str(options.work) == "$HOME/.mlgov/$PULL_NUM"


def test_a_review_is_given_the_plan_in_both_forms(there: ServerConfig) -> None:
    """Each names its stack; without Terraform's own file a stack with `locals` is refused (ADR 43)."""
    given = [main.parser().parse_args(shlex.split(one)[1:]) for one in commands(there) if " review " in one]
    assert [(one.plans, one.plan_file) for one in given] == [
        (["$PROJECT_NAME=$SHOWFILE"], ["$PROJECT_NAME=$PLANFILE"])
    ] * len(there.workflows or {})


def test_no_pull_request_weakens_what_is_required(there: ServerConfig) -> None:
    """What may be overridden is guarded; requirements of apply, policy checks and workflows are the server's alone."""
    [repo] = there.repos or ()
    assert (repo.id, repo.branch) == ("github.com/acme/ml-platform", "/^main$/")
    assert repo.apply_requirements == ["approved", "mergeable", "undiverged"]
    assert set(repo.allowed_overrides or ()) == {"workflow", "plan_requirements"}
    assert repo.workflow in (repo.allowed_workflows or ())  # what names none would have no guard
    assert (repo.allow_custom_workflows, repo.policy_check, repo.custom_policy_check) == (False, True, True)
    assert there.policies is not None
    assert [(one.owners, one.prevent_self_approve) for one in there.policies.policy_sets] == [(None, True)] * 2


def test_the_server_fails_closed(texts: dict[str, str]) -> None:
    """The flags without which Atlantis goes on although a hook or a policy did not."""
    lines = texts[server.ENVIRONMENT].splitlines()
    for line in (
        "ATLANTIS_ENABLE_POLICY_CHECKS=true",
        "ATLANTIS_FAIL_ON_PRE_WORKFLOW_HOOK_ERROR=true",
        "ATLANTIS_CHECKOUT_STRATEGY=merge",
        "ATLANTIS_WRITE_GIT_CREDS=false",
        "ATLANTIS_ALLOW_FORK_PRS=false",
        "ATLANTIS_REPO_ALLOWLIST=github.com/acme/ml-platform",
        "CHECKPOINT_DISABLE=1",
    ):
        assert line in lines


def test_the_profiles_are_the_roles_that_ci_takes(texts: dict[str, str]) -> None:
    """From the server's role to ci-plan and ci-apply, with the external id that they ask for."""
    profiles = texts[server.PROFILES]
    assert re.findall(r"role_arn = (.*)", profiles) == [
        f"arn:aws:iam::111111111111:role/acme-org-ci-{verb}" for verb in ("plan", "apply")
    ]
    assert profiles.count("external_id = acme-mlgov-delivery") == 2


def test_dependencies_are_written_when_asked_for(graph: StackGraph) -> None:
    """With `depends_on` each project names its producers that are projects, and the rules hold."""
    config = projects.repository_config(with_settings(graph, depends_on=True))
    named = {project.name: project.depends_on for project in config.projects or ()}
    assert list(faults(config)) == []
    assert named["management-organization"] is None  # the bootstrap stack is no project
    assert "management-organization" in (named["fraud-dev-access"] or ())


def test_owners_of_policies_come_from_yaml(graph: StackGraph) -> None:
    """Who answers what a review asks is named in YAML; what the gate refuses is waived or mended, not approved."""
    there = server.server_config(with_settings(graph, policy_owners={"teams": ("security",)}))
    assert there.policies is not None
    assert [one.owners and one.owners.teams for one in there.policies.policy_sets] == [None, ["security"]]


def test_in_hook_mode_the_yaml_plans(graph: StackGraph) -> None:
    """What a hook writes is in no pull request: the YAML is, and Terraform's lock file is kept without git."""
    hooked = with_settings(graph, mode="hook")
    project = (projects.repository_config(hooked).projects or [])[0]
    patterns = (project.autoplan and project.autoplan.when_modified) or []
    assert hits(project.dir, patterns, "environments/teams/fraud.yaml")
    there = server.server_config(hooked)
    [repo] = there.repos or ()
    assert [hook.run.splitlines()[0] for hook in repo.pre_workflow_hooks or ()] == ["set -e"]
    steps = [step for flow in (there.workflows or {}).values() for step in (flow.plan and flow.plan.steps) or ()]
    assert not any(step.name == "init" for step in steps)
    assert sum("-lockfile=readonly" in step.command for step in steps) == 4


def test_a_stack_that_left_the_yaml_is_a_project_until_it_is_taken_down(graph: StackGraph, tmp_path: Path) -> None:
    """Nobody else would apply it: Atlantis skips a project whose folder is gone."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack("old-team-studio", {}, depends_on=["management-organization"])
    old = synthesis.entries["old-team-studio"].model_copy(
        update={"path": "dev/old-team/studio/cdk.tf.json", "retired": True, "tier": "non-production"}
    )
    config = projects.repository_config(graph, [old])
    project = next(one for one in config.projects or () if one.name == "old-team-studio")
    assert (project.dir, project.workflow) == ("live/dev/old-team/studio", "mlgov-non-production")
    assert project.execution_order_group == 2


def test_only_what_no_graph_has_is_retired(graph: StackGraph, tmp_path: Path) -> None:
    """Of live/ counts what waits to be taken down; a stack that is back in the YAML is one of the graph's again."""
    assert retired(tmp_path / "none", graph) == []
    synthesis = Synthesis(tmp_path)
    for stack_id in ("old-team-studio", "management-organization", "kept"):
        synthesis.stack(stack_id, {})
    left = {each.id: each.model_copy(update={"retired": each.id != "kept"}) for each in synthesis.manifest.stacks}
    synthesis.manifest.model_copy(update={"stacks": tuple(left.values())}).write(tmp_path)
    assert retired(tmp_path, graph) == [left["old-team-studio"]]


def test_a_changed_file_is_told_and_written_anew(texts: dict[str, str], tmp_path: Path) -> None:
    """`--check` shows the difference of each file that is not current, and writes nothing."""
    generated.write(tmp_path, texts)
    (tmp_path / projects.FILE_NAME).write_text("version: 3\n", encoding="utf-8")
    [difference] = generated.differences(tmp_path, texts)
    assert difference.startswith("--- atlantis.yaml (committed)\n+++ atlantis.yaml (generated)\n")
    assert "+  mode: disabled" in difference
    generated.write(tmp_path, texts)
    assert list(generated.differences(tmp_path, texts)) == []


def test_a_file_of_anybodys_is_judged(tmp_path: Path) -> None:
    """`--verify` takes any atlantis.yaml, with the server's file where it is to be sent to, or any repos.yaml."""
    own, there = tmp_path / "atlantis.yaml", tmp_path / "repos.yaml"
    own.write_text("version: 3\nprojects: [{name: a, dir: live/a, depends_on: [b]}]\n", encoding="utf-8")
    there.write_text("repos: [{id: github.com/a/b}]\n", encoding="utf-8")
    assert files.verified(there, root=None, server_file=None, repository=None) == []
    found = files.verified(own, root=tmp_path, server_file=there, repository="github.com/a/c")
    assert [str(problem).removeprefix(f"{own} ") for problem in found] == [
        "a: depends_on b, which is no project: it would never hold anything back",
        "a: dir live/a holds no *.tf.json: Atlantis skips it, and plans nothing",
        "github.com/a/c is no repository of the server's configuration",
    ]
