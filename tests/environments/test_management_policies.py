"""Which management policies both organisations have, and where each stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from environments.graph import StackGraph
from environments.load import load
from environments.management_policies import management_policies
from environments.model import Organization
from environments.vocabulary import GUARDRAILS
from modules.foundations.organization_policies.document import ManagementPolicy
from modules.foundations.organization_policies.settings import LEVELS
from tests.environments.spoiled import copy_of_small, set_foundations

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="acme", scope="module")
def _acme() -> Organization:
    return load(ROOT / "environments")


@pytest.fixture(name="policies", scope="module")
def _policies(acme: Organization) -> dict[str, ManagementPolicy]:
    return {policy.key: policy for policy in management_policies(acme)}


def test_the_levels_of_the_policies_are_those_of_the_yaml() -> None:
    """Units and policies speak of the same levels, in the same order."""
    assert LEVELS == GUARDRAILS


def test_every_account_in_a_unit_meets_the_declarative_policy_of_its_level_last(
    acme: Organization, policies: dict[str, ManagementPolicy]
) -> None:
    """The nearest policy on the way up from a unit is that of the unit's level, so its assignments win."""
    units = {unit.key: unit for unit in acme.units}
    for unit in acme.units:
        line = unit
        while not (met := [key for key, policy in policies.items() if line.key in policy.units and "decl" in key]):
            assert line.parent is not None
            line = units[line.parent]
        assert met == [f"declarative-{unit.guardrails}"]


def test_every_account_is_backed_up_once_into_the_vault_of_its_environment(
    acme: Organization, policies: dict[str, ManagementPolicy]
) -> None:
    """Each account carries the one backup policy of its environment, whatever its unit."""
    for account in acme.accounts:
        held = [policy for policy in policies.values() if account.name in policy.accounts]
        assert [policy.key for policy in held] == [f"backup-{account.environment}"]
        assert f'"target_backup_vault_name":{{"@@assign":"acme-{account.environment}-backup"}}' in held[0].content


def test_tags_have_the_values_of_the_yaml(policies: dict[str, ManagementPolicy]) -> None:
    """Teams, lines of business and cost centres are those of the team files, environments and plans those there are."""
    rules: Any = json.loads(policies["tags"].content)["tags"]
    assert rules["team"]["tag_value"]["@@assign"] == ["fraud", "lending"]
    assert rules["costcenter"]["tag_value"]["@@assign"] == ["FC-2041", "RL-3107"]
    assert rules["environment"]["tag_value"]["@@assign"] == ["dev", "org", "prod", "test"]
    assert rules["backup"]["tag_value"]["@@assign"] == ["daily", "monthly"]
    assert "tag_value" not in rules["owner"]


def test_values_of_tags_are_refused_from_the_level_of_the_settings_on(
    acme: Organization, policies: dict[str, ManagementPolicy]
) -> None:
    """Units of level strict or tighter carry the enforcing policy, the others do not."""
    strict = {unit.key for unit in acme.units if unit.guardrails in ("strict", "quarantine")}
    assert set(policies["tags-enforced"].units) == strict
    assert all("enforced_for" not in policy.content for key, policy in policies.items() if key != "tags-enforced")


def test_every_policy_fits(policies: dict[str, ManagementPolicy]) -> None:
    """No document of the reference organisation comes near what AWS allows."""
    assert {key: len(policy.content) for key, policy in policies.items() if len(policy.content) > 2_500} == {}


def test_nothing_is_made_when_every_switch_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a policy there is no stack for policies."""
    config = copy_of_small(tmp_path, monkeypatch)
    assert "management-policies" in StackGraph(load(config)).nodes
    switches = "".join(
        f"    {name}: {{ enabled: false }}\n" for name in ("declarative", "tags", "backup", "ai_opt_out")
    )
    set_foundations(config, f"  policies:\n{switches}")
    assert "management-policies" not in StackGraph(load(config)).nodes
