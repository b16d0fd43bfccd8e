"""AWS Config and hooks stand where they must, wait for what they need, and follow the settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from environments.build import synthesise
from environments.graph import StackGraph
from environments.load import load
from modules.observability.contract import ConfigHistoryContract
from tests.environments.spoiled import copy_of_small

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "environments"


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """The configuration in `folder`, with pieces of `organization.yaml` replaced."""
    file = folder / "organization.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return folder


def test_rules_wait_for_the_recorder_of_every_account_in_their_region() -> None:
    """AWS refuses a rule of the organisation where one account has no recorder."""
    graph = StackGraph(load(REFERENCE))
    for suffix in ("", "-eu-central-1"):
        before = graph.nodes[f"security-tooling-config{suffix}"].after
        assert {f"{account.name}-baseline{suffix}" for account in graph.organization.accounts} <= set(before)


def test_what_is_global_in_an_account_comes_first() -> None:
    """The baseline abroad waits for that of the home region, which makes the service-linked role."""
    graph = StackGraph(load(REFERENCE))
    assert "fraud-dev-baseline" in graph.nodes["fraud-dev-baseline-eu-central-1"].after
    assert not [each for each in graph.nodes["fraud-dev-baseline"].after if "baseline" in each]


def test_where_control_tower_records_no_baseline_reads_the_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts that Control Tower enrolled have its recorder; AWS allows one."""
    config = copy_of_small(tmp_path, monkeypatch)
    with_ours = StackGraph(load(config))
    assert ConfigHistoryContract in with_ours.nodes["workload-baseline"].consumes
    changed(config, ("    areas: [ORG]", "    areas: [ORG]\n    recorder: { source: control-tower }"))
    without = StackGraph(load(config))
    assert ConfigHistoryContract not in without.nodes["workload-baseline"].consumes


def test_hooks_stand_where_teams_work_unless_they_are_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workload account has a hook, the platform account has none, and a setting takes it away."""
    config = copy_of_small(tmp_path, monkeypatch)
    assert {id_ for id_ in StackGraph(load(config)).nodes if "hooks" in id_} == {"workload-hooks"}
    changed(config, ("foundations:\n", "foundations:\n  hooks: { enabled: false }\n"))
    assert not [id_ for id_ in StackGraph(load(config)).nodes if "hooks" in id_]


def test_settings_reach_rules_and_packs_in_govcloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the other partition rules that AWS lacks there are left out; parameters and exclusions hold in both forms."""
    settings = """    areas: [IAM, SM]
    without: [iam-user-mfa-enabled]
    parameters: { iam-user-unused-credentials-check: { maxCredentialUsageAge: "30" } }
    excluded_accounts: [workload]
"""
    config = changed(
        copy_of_small(tmp_path, monkeypatch),
        ("name: minnow\n", "name: minnow\npartition: aws-us-gov\n"),
        ("eu-west-1", "us-gov-west-1"),
        ("    areas: [ORG]\n", settings),
    )
    synthesise(config, tmp_path / "out", select="platform-config")
    text = (tmp_path / "out" / "stacks" / "platform-config" / "cdk.tf.json").read_text(encoding="utf-8")
    resources = json.loads(text)["resource"]
    managed = {body["name"]: body for body in resources["aws_config_organization_managed_rule"].values()}
    unused = managed["iam-user-unused-credentials-check"]
    assert json.loads(unused["input_parameters"]) == {"maxCredentialUsageAge": "30"}
    assert managed.keys().isdisjoint({"iam-user-mfa-enabled", "sagemaker-domain-in-vpc", "s3-bucket-acl-prohibited"})
    packs = {body["name"]: body for body in resources["aws_config_organization_conformance_pack"].values()}
    assert set(packs) == {"minnow-org-nist-800-53", "minnow-org-repairs"}
    nist = packs["minnow-org-nist-800-53"]
    inputs = {one["parameter_name"]: one["parameter_value"] for one in nist["input_parameter"]}
    assert inputs["IamUserUnusedCredentialsCheckMaxCredentialUsageAge"] == "30"
    assert "s3-bucket-acl-prohibited" in nist["template_body"]
    assert "account_ids.workload" in nist["excluded_accounts"][0]
    assert "arn:aws:" not in text
