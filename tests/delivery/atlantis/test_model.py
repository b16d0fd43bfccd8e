"""Our reading of Atlantis 0.47: what its parser rejects, and what it lets through although it cannot work."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from delivery.atlantis.model import RepoConfig, ServerConfig
from delivery.atlantis.rules import faults, hits, refused, server_faults
from delivery.atlantis.text import read
from modules.core.errors import ConfigError

ROOT = Path(__file__).parents[3]
TABLE = yaml.safe_load(Path(__file__).with_name("wrong_files.yaml").read_text(encoding="utf-8"))
GOOD = "version: 3\nprojects:\n- {name: a, dir: live/a, autoplan: {when_modified: [cdk.tf.json]}}\n"


def rows(part: str) -> list[object]:
    return [pytest.param(row["file"], row["says"], id=row["rule"]) for row in TABLE[part]]


@pytest.mark.parametrize(("text", "says"), rows("atlantis"))
def test_what_atlantis_rejects_is_rejected(text: str, says: str) -> None:
    """Each rule of the parser of atlantis.yaml: a file that breaks it is refused, with the place and the reason."""
    with pytest.raises(ConfigError, match=says):
        read(RepoConfig, text, "atlantis.yaml")


@pytest.mark.parametrize(("text", "says"), rows("server"))
def test_what_the_server_rejects_is_rejected(text: str, says: str) -> None:
    """Each rule of the parser of repos.yaml: a file that breaks it is refused, with the place and the reason."""
    with pytest.raises(ConfigError, match=says):
        read(ServerConfig, text, "repos.yaml")


@pytest.mark.parametrize(("text", "says"), rows("let through"))
def test_what_atlantis_lets_through_is_found(text: str, says: str) -> None:
    """Each file is one that Atlantis accepts, and that would be planned wrongly or not at all."""
    assert any(says in fault for fault in faults(read(RepoConfig, text, "atlantis.yaml")))


@pytest.mark.parametrize(("text", "says"), rows("overrides"))
def test_what_the_server_does_not_allow_is_told(text: str, says: str) -> None:
    """Each key that the server has not allowed makes Atlantis reject the whole file."""
    server = read(ServerConfig, TABLE["strict server"], "repos.yaml")
    assert any(says in fault for fault in refused(read(RepoConfig, text, "atlantis.yaml"), server, "github.com/a/b"))


def test_the_last_entry_of_the_server_that_has_a_key_decides() -> None:
    """As in Atlantis, a later entry that matches overrides, and one that does not say the key leaves it."""
    server = read(
        ServerConfig,
        "repos: [{id: /.*/, allowed_overrides: [workflow]}, {id: github.com/a/b, allow_custom_workflows: false}]\n",
        "repos.yaml",
    )
    own = read(RepoConfig, "version: 3\nprojects: [{dir: live/a, workflow: default}]\n", "atlantis.yaml")
    assert list(refused(own, server, "github.com/a/b")) == []
    assert list(refused(own, ServerConfig(repos=[]), "github.com/a/b")) == [
        "github.com/a/b is no repository of the server's configuration"
    ]


def test_a_policy_check_names_each_of_its_outputs() -> None:
    """With a tool of one's own the n-th output is the n-th policy set: one too many has no name."""
    text = """\
repos: [{id: github.com/a/b, custom_policy_check: true, workflow: own}]
workflows: {own: {policy_check: {steps: [show, run: one, run: two]}}}
policies: {policy_sets: [{name: one, path: .}]}
"""
    assert list(server_faults(read(ServerConfig, text, "repos.yaml"))) == [
        "workflows.own: policy_check has 2 run steps, and there are 1 policy sets to name"
    ]


def test_a_project_without_terraform_is_told(tmp_path: Path) -> None:
    """Atlantis skips a project whose folder is gone: with the repository at hand, that is a fault."""
    config = read(RepoConfig, GOOD, "atlantis.yaml")
    assert "holds no *.tf.json" in next(faults(config, root=tmp_path))
    (tmp_path / "live" / "a").mkdir(parents=True)
    (tmp_path / "live" / "a" / "cdk.tf.json").write_text("{}", encoding="utf-8")
    assert list(faults(config, root=tmp_path)) == []


@pytest.mark.parametrize(
    ("patterns", "file", "hit"),
    [
        (["cdk.tf.json"], "live/a/cdk.tf.json", True),
        (["cdk.tf.json"], "live/ab/cdk.tf.json", False),
        (["assets/**"], "live/a/assets/deep/x.zip", True),
        (["*.json"], "live/a/assets/x.json", False),
        (["**/*.json"], "live/a/assets/x.json", True),
        (["**", "!assets/**"], "live/a/assets/x.json", False),
        (["../../environments/**"], "environments/teams/fraud.yaml", True),
        (["../../environments/**"], "environments.yaml", False),
    ],
)
def test_patterns_are_matched_from_the_folder_on(patterns: list[str], file: str, hit: bool) -> None:
    """when_modified is relative to the project's folder; `**` crosses folders, `*` does not, `!` takes back."""
    assert hits("live/a", patterns, file) is hit


def test_an_external_parser_agrees() -> None:
    """Atlantis's own parser, where one is at hand, accepts what we generate and rejects what the table says."""
    parser = os.environ.get("MLGOV_ATLANTIS_PARSER")
    if not parser:
        pytest.skip(
            "no parser of Atlantis is named: set MLGOV_ATLANTIS_PARSER to a program that reads atlantis.yaml on "
            "standard input and exits 0 when Atlantis accepts it (Atlantis itself has no such command)"
        )

    def accepts(text: str) -> bool:
        return subprocess.run([parser], input=text, text=True, check=False, capture_output=True).returncode == 0

    assert accepts((ROOT / "atlantis.yaml").read_text(encoding="utf-8"))
    assert [row["rule"] for row in TABLE["atlantis"] if accepts(row["file"]) and not row.get("stricter")] == []
