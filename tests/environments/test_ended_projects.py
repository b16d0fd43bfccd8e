"""How a project ends: its build is taken down, and what it made stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from environments.build import synthesise
from environments.graph import StackGraph
from environments.lake import desks
from environments.load import load
from environments.workplaces import models_of, projects_at, registered_projects
from tests.environments.spoiled import copy_of_small

BUILD = "workload-build-order-returns"


@pytest.fixture(name="config")
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = copy_of_small(tmp_path, monkeypatch)
    file = config / "projects/order-returns.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}ended: true\n", encoding="utf-8")
    return config


def test_its_build_is_taken_down_and_its_models_are_found(config: Path) -> None:
    """No stack is left behind unseen; the registry keeps the group, whose versions may be at work."""
    organization = load(config)
    nodes = StackGraph(organization).nodes
    assert [name for name, node in nodes.items() if node.dismantled] == [BUILD]
    assert not nodes["workload-serving-order-returns"].dismantled, "who ends the serving, too, says so"
    (desk,) = desks(organization)
    assert (projects_at(organization, desk), models_of(organization, desk)) == ((), ("order-returns",))
    (shared,) = organization.with_role("ml-shared-services")
    assert [each.project for each in registered_projects(organization, shared)] == ["order-returns"]


def test_serving_ends_by_itself_and_takes_its_release_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What released and served the model is taken down; it is built on, and its versions are found."""
    config = copy_of_small(tmp_path, monkeypatch)
    file = config / "projects/order-returns.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("serving: {}", "serving: { ended: true }"), encoding="utf-8")
    gone = {name for name, node in StackGraph(load(config)).nodes.items() if node.dismantled}
    assert gone == {
        "management-release-state",
        "platform-release-order-returns",
        "workload-operations-order-returns",
        "workload-serving-order-returns",
    }


@pytest.mark.e2e
def test_what_it_made_is_kept_and_nothing_runs(config: Path, tmp_path: Path) -> None:
    """Repository, bucket and settings of its protection leave the state and stay in AWS; all else goes."""
    synthesise(config, tmp_path / "out", select=BUILD)
    stack = json.loads((tmp_path / "out/stacks" / BUILD / "cdk.tf.json").read_text(encoding="utf-8"))
    assert "resource" not in stack
    kept = {each["from"].partition(".")[0] for each in stack["removed"]}
    assert {"aws_codecommit_repository", "aws_s3_bucket", "aws_s3_bucket_policy"} <= kept
    assert not kept & {"aws_codepipeline", "aws_codebuild_project", "aws_iam_role"}
