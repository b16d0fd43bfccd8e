"""What the generated pipelines say: in whose name, in which order, by whose leave, and that both hosts do the same."""

from __future__ import annotations

import graphlib
import itertools
import re
from pathlib import Path

import pytest

import main
from delivery.generated import differences
from delivery.pipelines import commands
from delivery.pipelines.facts import Facts
from delivery.pipelines.pins import pins
from delivery.pipelines.render import child, pipelines
from delivery.pipelines.split import ApplyJob, PlanJob, Split, Wave
from environments.graph import StackGraph
from environments.load import load
from environments.manifest import StackEntry
from environments.waves import waves
from modules.core.errors import ConfigError
from modules.core.naming import Naming
from modules.foundations.contract import CiContract
from tests.support import pipelines as said
from tests.support.organisations import ORGANISATIONS, ROOT

SPLIT = Split(
    plans=(PlanJob("wave 1", "a,b", False), PlanJob("wave 2, inputs change", "c", True)),
    waves=(
        Wave("a", (ApplyJob("foundation", "foundation", "a", True),)),
        Wave(
            "b",
            (ApplyJob("production access", "production", "p", False), ApplyJob("production", "production", "b", True)),
        ),
        Wave("c", (ApplyJob("foundation", "foundation", "c", True),)),
    ),
    by_hand=("management-bootstrap",),
)
ROLES = CiContract(
    **CiContract.names(
        Naming(
            organization="minnow",
            environment="org",
            account="management",
            account_id="111111111111",
            partition="aws",
            region="eu-west-1",
        )
    )
)
CACHED = ("actions/cache/restore@", ".venv/bin/mlgov drift", "actions/cache/save@")
EXPECTED_PERMISSIONS = {
    ("mlgov-pull-request.yml", "check"): {"contents": "read"},
    ("mlgov-pull-request.yml", "plan"): {"contents": "read", "id-token": "write"},
    ("mlgov-pull-request.yml", "report"): {
        "contents": "read",
        "actions": "read",
        "security-events": "write",
        "pull-requests": "write",
    },
    ("mlgov-apply.yml", "check"): {"contents": "read"},
    ("mlgov-apply.yml", "record"): {"contents": "write"},
    ("mlgov-wave.yml", "plan"): {"contents": "read", "id-token": "write"},
    ("mlgov-wave.yml", "apply"): {"contents": "read", "id-token": "write"},
    ("mlgov-drift.yml", "look"): {"contents": "read", "id-token": "write"},
    ("mlgov-drift.yml", "report"): {"issues": "write"},
    ("mlgov-drift.yml", "findings"): {"id-token": "write"},
}


@pytest.fixture(scope="module", name="github")
def _github() -> dict[str, said.Document]:
    return said.documents(said.facts("github", findings_role_arn=said.IMPORTER))


@pytest.fixture(scope="module", name="gitlab")
def _gitlab() -> dict[str, said.Document]:
    facts = said.facts("gitlab", findings_role_arn=said.IMPORTER)
    return {**said.documents(facts), "child": said.parsed(child(facts, SPLIT))}


def test_the_committed_pipelines_are_those_of_the_reference_organisation() -> None:
    """`.github/workflows` is what `mlgov ci` writes; no other file of it is there."""
    files = pipelines(Facts.of(StackGraph(load(ORGANISATIONS["acme"]))))
    assert list(differences(ROOT, files)) == []
    assert {path.name for path in (ROOT / ".github" / "workflows").glob("mlgov-*")} == {
        Path(path).name for path in files
    }


def test_a_pipeline_that_is_not_current_is_told_of() -> None:
    """A missing file and a changed line are both differences, by their path."""
    found = list(differences(ROOT, {".github/workflows/mlgov-none.yml": "one\n"}))
    assert [each.splitlines()[1:] for each in found] == [
        ["+++ .github/workflows/mlgov-none.yml (generated)", "@@ -0,0 +1 @@", "+one"]
    ]


def test_an_organisation_without_pipelines_is_told_what_to_write() -> None:
    """The small organisation has no `delivery.ci`: that is an error, not an empty pipeline."""
    with pytest.raises(ConfigError, match=r"no delivery\.ci: write `ci: \{ host: github \}`"):
        Facts.of(StackGraph(load(ORGANISATIONS["minnow"])))


def test_every_command_of_a_pipeline_exists(github: dict[str, said.Document], gitlab: dict[str, said.Document]) -> None:
    """Each `mlgov` that a job runs is a verb with these options."""
    top, seen = main.parser(), set()
    for document in (*github.values(), *gitlab.values()):
        for _, script in said.shell(document):
            for words in said.commands(script):
                top.parse_args(words)
                seen.add(words[0])
    assert seen == {"check", "synth", "atlantis", "ci", "gate", "affected", "plan", "review", "apply", "drift"}


def test_both_hosts_run_the_same(github: dict[str, said.Document], gitlab: dict[str, said.Document]) -> None:
    """The set of `mlgov` commands is one."""
    ran = [
        {
            tuple(words)
            for document in host.values()
            for _, script in said.shell(document)
            for words in said.commands(script)
        }
        for host in (github, gitlab)
    ]
    assert ran[0] - {("ci", "--changing", "$JOBS")} == ran[1]


def test_jobs_have_no_permission_that_they_do_not_need(github: dict[str, said.Document]) -> None:
    """A workflow begins with none; each job has those of the table, and a wave passes no more than its jobs have."""
    found = {
        (file, name): job["permissions"] for file, document in github.items() for name, job in document["jobs"].items()
    }
    assert all(document["permissions"] == {} for document in github.values())
    waves = {key: found.pop(key) for key in list(found) if key[1].startswith("wave-")}
    assert found == EXPECTED_PERMISSIONS
    assert set(map(str, waves.values())) == {str({"contents": "read", "id-token": "write"})}


def test_no_text_of_strangers_reaches_a_shell(github: dict[str, said.Document]) -> None:
    """No expression stands in a `run`, no workflow runs on `pull_request_target`, no checkout keeps its token."""
    for document in github.values():
        assert "pull_request_target" not in document["on"]
        for _, step in said.steps(document):
            assert "${{" not in step.get("run", "")
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_what_comments_runs_nothing_of_the_pull_request(github: dict[str, said.Document]) -> None:
    """The job that may write to the pull request starts no program of the repository."""
    scripts = [script for job, script in said.shell(github["mlgov-pull-request.yml"]) if job == "report"]
    assert scripts
    assert not any(".venv" in script or "make " in script for script in scripts)


def test_every_action_is_pinned_to_a_commit(github: dict[str, said.Document]) -> None:
    """`uses` is one of the pins, or our own workflow; each pin is used."""
    used = {step["uses"] for document in github.values() for _, step in said.steps(document) if "uses" in step}
    assert used == {pin.partition(" ")[0] for pin in pins().values()}


def test_nothing_runs_until_the_repository_says_so(github: dict[str, said.Document]) -> None:
    """A job that waits for no other hangs on the variable MLGOV_AWS; a called workflow has its caller's condition."""
    for file in ("mlgov-pull-request.yml", "mlgov-apply.yml", "mlgov-drift.yml"):
        for job in github[file]["jobs"].values():
            assert job.get("needs") or "vars.MLGOV_AWS == 'on'" in job["if"]
    assert set(github["mlgov-wave.yml"]["on"]) == {"workflow_call"}


def test_the_waves_are_applied_one_after_the_other(github: dict[str, said.Document]) -> None:
    """There are as many as the graph has; each needs the last, the record needs all, and two runs never overlap."""
    document, facts = github["mlgov-apply.yml"], said.facts("github")
    needs = {name: job.get("needs", []) for name, job in document["jobs"].items()}
    order = list(graphlib.TopologicalSorter(needs).static_order())
    waves = [f"wave-{number}" for number in range(1, facts.waves + 1)]
    assert order == ["check", *waves, "record"]
    assert needs["record"] == ["check", *waves]
    assert all(needs[later] == ["check", earlier] for earlier, later in itertools.pairwise(waves))
    for place, name in enumerate(waves):
        assert f"fromJSON(needs.check.outputs.waves)[{place}]" in document["jobs"][name]["if"]
        assert f"fromJSON(needs.check.outputs.waves)[{place}]" in document["jobs"][name]["with"]["wave"]
    assert document["concurrency"] == {"group": "mlgov-apply", "cancel-in-progress": False}


def test_the_apply_role_is_taken_in_an_environment_alone(
    github: dict[str, said.Document], gitlab: dict[str, said.Document]
) -> None:
    """A job with the apply role has an environment, no other has one; roles are those that the bootstrap makes."""
    taken = set()
    for document in github.values():
        for name, job in document["jobs"].items():
            roles = {
                step["with"]["role-to-assume"]
                for step in job.get("steps", ())
                if "role-to-assume" in step.get("with", {})
            }
            assert ("environment" in job) == (ROLES.ci_apply_role_arn in roles), name
            taken |= roles
    assert taken == {ROLES.ci_plan_role_arn, ROLES.ci_apply_role_arn, said.IMPORTER}
    for document in gitlab.values():
        for name, job in document.items():
            if isinstance(job, dict):
                role = job.get("variables", {}).get("AWS_ROLE_ARN")
                assert role in (None, ROLES.ci_plan_role_arn, ROLES.ci_apply_role_arn, said.IMPORTER)
                assert ("environment" in job) == (role == ROLES.ci_apply_role_arn), name


def test_no_job_outlives_its_credentials(github: dict[str, said.Document]) -> None:
    """A job that signs in ends, at the latest, when its session does."""
    for document in github.values():
        for job in document["jobs"].values():
            for step in job.get("steps", ()):
                if "role-duration-seconds" in step.get("with", {}):
                    assert job["timeout-minutes"] * 60 <= step["with"]["role-duration-seconds"]


def test_plans_are_never_handed_on(github: dict[str, said.Document]) -> None:
    """What goes from job to job is named file by file: verdicts, findings and reviews."""
    handed = [
        path
        for document in github.values()
        for _, step in said.steps(document)
        if "upload-artifact" in step.get("uses", "")
        for path in step["with"]["path"].split()
    ]
    named = r"gate\.md|review\.md|drift\.md|findings|\.mlgov/minnow/(gate|aws/plans)/(verdict\.json|results\.sarif)"
    assert all(re.fullmatch(named, path) for path in handed), handed


def test_in_gitlab_each_wave_waits_for_the_approved_jobs_of_the_last(gitlab: dict[str, said.Document]) -> None:
    """Jobs that apply are manual and block; the next plan needs all of them, the record those of the last wave."""
    jobs = gitlab["child"]
    waited = {name: [need["job"] for need in jobs[name]["needs"]] for name in ("wave 2 plan", "wave 3 plan")}
    assert waited["wave 2 plan"] == ["mlgov-check", "wave 1 foundation"]
    assert waited["wave 3 plan"] == ["mlgov-check", "wave 2 production access", "wave 2 production"]
    assert jobs["record"]["needs"] == ["wave 3 foundation"]
    for name in ("wave 1 foundation", "wave 2 production access", "wave 2 production", "wave 3 foundation"):
        (rule,) = jobs[name]["rules"]
        assert (rule["when"], rule["allow_failure"]) == ("manual", False)
        assert jobs[name]["environment"]["name"] == f"mlgov-{name.split()[2]}"
    assert jobs["wave 2 production access"]["variables"]["PLANNED"] == "false"
    assert gitlab["mlgov.gitlab-ci.yml"]["mlgov-apply"]["resource_group"] == "mlgov-apply"


def test_a_gitlab_pipeline_of_no_affected_stack_has_a_job(gitlab: dict[str, said.Document]) -> None:
    """GitLab refuses an empty pipeline: one job tells what remains for an administrator, and the record follows."""
    jobs = said.parsed(child(said.facts("gitlab"), Split((), (), ())))
    assert "nothing" in jobs["by hand"]["script"][0]
    assert jobs["record"]["needs"] == []


def test_the_change_is_compared_with_what_was_applied(github: dict[str, said.Document]) -> None:
    """Not with the parent commit: a run that failed, or that a newer one replaced, would be forgotten."""
    (base,) = (step["env"]["BASE"] for _, step in said.steps(github["mlgov-apply.yml"]) if step.get("id") == "affected")
    assert base == f"refs/tags/{commands.MARK}"
    assert any(commands.MARK in script for job, script in said.shell(github["mlgov-apply.yml"]) if job == "record")


def test_what_a_job_allows_by_name_is_of_its_own_stacks() -> None:
    """Each host gives the jobs that plan the revision since which commits may name what they allow, and all history."""
    document = said.documents(said.facts("github"))["mlgov-wave.yml"]
    for _, step in said.steps(document):
        if "named Mlgov-Accept" in step.get("run", ""):
            assert step["env"]["BASE"] == f"refs/tags/{commands.MARK}"
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["fetch-depth"] == 0


def test_every_plan_and_apply_waits_for_a_lock(
    github: dict[str, said.Document], gitlab: dict[str, said.Document]
) -> None:
    """A pull request may plan the stack that is applied at that moment: neither fails at once."""
    found = [
        main.parser().parse_args(words).lock_timeout
        for document in (*github.values(), *gitlab.values())
        for _, script in said.shell(document)
        for words in said.commands(script)
        if words[0] in ("plan", "apply")
    ]
    assert len(found) > 10
    assert set(found) == {60}


def test_drift_knows_what_the_last_run_found(
    github: dict[str, said.Document], gitlab: dict[str, said.Document]
) -> None:
    """The file is fetched before the run and kept after it, though drift fails the job: findings that end are told."""
    file = ".mlgov/minnow/aws/last-drift.json"
    steps = [step for job, step in said.steps(github["mlgov-drift.yml"]) if job == "look"]
    uses = [step.get("uses", step.get("run", "")) for step in steps]
    fetch, look, keep = (next(place for place, use in enumerate(uses) if text in use) for text in CACHED)
    assert fetch < look < keep
    assert steps[fetch]["with"]["path"] == steps[keep]["with"]["path"] == file
    assert steps[keep]["with"]["key"].startswith(steps[fetch]["with"]["restore-keys"])
    assert "!cancelled()" in steps[keep]["if"]
    [cache] = [each for each in gitlab["mlgov.gitlab-ci.yml"]["mlgov-drift"]["cache"] if file in each["paths"]]
    assert cache["when"] == "always"


def test_a_retired_stack_has_its_wave_and_tier() -> None:
    """It stands in no YAML any more: what it waits for may need a wave more than the graph has, and another tier."""
    graph = StackGraph(said.organization("github"))
    before = Facts.of(graph)
    wave = waves({node.id: graph.depends_on(node) for node in graph.nodes.values()})
    last = max(wave, key=lambda stack: wave[stack])
    old = StackEntry(
        id="old",
        stack="studio",
        module="studio",
        account="old-team",
        environment="dev",
        region="eu-west-1",
        tier="non-production",
        owner="team@minnow.example",
        path="dev/old-team/studio/cdk.tf.json",
        state_bucket="state",
        state_key="old",
        depends_on=(last,),
        resources=1,
        sha256="0" * 64,
        retired=True,
    )
    found = Facts.of(graph, [old])
    assert found.waves == before.waves + 1
    assert found.tiers == (*before.tiers, "non-production")


def test_code_scanning_and_findings_can_be_left_out() -> None:
    """Without them no job may write security events, and none takes a third role."""
    documents = said.documents(said.facts("github", code_scanning=False))
    assert "security-events" not in documents["mlgov-pull-request.yml"]["jobs"]["report"]["permissions"]
    assert set(documents["mlgov-drift.yml"]["jobs"]) == {"look", "report"}
