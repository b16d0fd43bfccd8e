"""Guardrails stand at the units that need them, and say what the organisation's YAML says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from environments.build import synthesise
from environments.load import load
from environments.manifest import STACK_FILE
from environments.model import Unit
from environments.units import added_levels
from environments.vocabulary import GUARDRAILS, Guardrails
from modules.core.errors import ConfigError
from modules.foundations.personas import APPROVER, PROFILES
from modules.foundations.settings import FoundationsSettings
from policies.preventive import UNIT_LEVELS
from tests.environments.spoiled import copy_of_small, set_foundations

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "environments"


def _document(config: Path, out: Path) -> dict[str, Any]:
    synthesise(config, out, select="management-guardrails")
    text = (out / "stacks" / "management-guardrails" / STACK_FILE).read_text(encoding="utf-8")
    resources: dict[str, Any] = json.loads(text)["resource"]
    return resources


@pytest.fixture(name="acme", scope="module")
def _acme(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _document(REFERENCE, tmp_path_factory.mktemp("acme") / "out")


def _attached(resources: dict[str, Any]) -> dict[str, set[str]]:
    """Keys of policies by key of unit, from the construct paths."""
    found: dict[str, set[str]] = {}
    for attachment in resources["aws_organizations_policy_attachment"].values():
        *_, unit, key = attachment["//"]["metadata"]["path"].split("/")
        if unit == "root":
            continue
        assert attachment["target_id"].endswith(f"outputs.unit_ids.{unit}}}")
        found.setdefault(unit, set()).add(key)
    return found


def test_the_levels_of_the_catalogue_are_those_of_the_yaml() -> None:
    """Units and controls speak of the same levels, in the same order."""
    assert UNIT_LEVELS == GUARDRAILS


@pytest.mark.parametrize(
    ("parent", "own", "added"),
    [
        (None, "sandbox", ("sandbox",)),
        (None, "strict", ("sandbox", "standard", "strict")),
        ("sandbox", "strict", ("standard", "strict")),
        ("standard", "standard", ()),
        ("sandbox", "quarantine", ("standard", "strict", "quarantine")),
    ],
)
def test_a_unit_adds_what_its_parent_lacks(
    parent: Guardrails | None, own: Guardrails, added: tuple[Guardrails, ...]
) -> None:
    """Inheritance gives the rest, so a unit of its parent's level carries nothing itself."""
    top = Unit(key="top", name="Top", parent=None, kind=None, guardrails=parent or "sandbox")
    unit = Unit(key="unit", name="Unit", parent="top" if parent else None, kind=None, guardrails=own)
    assert added_levels(unit, (top, unit)) == added


def test_every_account_in_a_unit_is_under_its_level_once(acme: dict[str, Any]) -> None:
    """From the root down each unit meets every document of its level and of those before it, and none twice."""
    attached = _attached(acme)
    organization = load(REFERENCE)
    units = {unit.key: unit for unit in organization.units}
    keys = {policy["//"]["metadata"]["path"].rpartition("/")[2] for policy in acme["aws_organizations_policy"].values()}
    for unit in organization.units:
        line, met = unit, list(attached.get(unit.key, ()))
        while line.parent:
            line = units[line.parent]
            met += attached.get(line.key, ())
        levels = GUARDRAILS[: GUARDRAILS.index(unit.guardrails) + 1]
        assert sorted(met) == sorted(key for key in keys if key.split("-")[1] in levels)


def test_the_root_quarantines_accounts_that_stand_in_no_unit(acme: dict[str, Any]) -> None:
    """One document stands at the root: it denies everything where the path of the account names no unit."""
    at_root = [
        attachment["//"]["metadata"]["path"].rpartition("/")[2]
        for attachment in acme["aws_organizations_policy_attachment"].values()
        if attachment["target_id"].endswith("outputs.root_id}")
    ]
    assert at_root == ["scp-root-1"]
    (policy,) = (policy for policy in acme["aws_organizations_policy"].values() if policy["name"].endswith("root-1"))
    (statement,) = json.loads(policy["content"])["Statement"]
    assert statement["Action"] == "*"
    assert statement["Condition"]["ForAllValues:StringNotLike"] == {"aws:PrincipalOrgPaths": "*/ou-*"}


def test_quarantine_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An organisation whose accounts still work in the root leaves it alone."""
    config = copy_of_small(tmp_path, monkeypatch)
    set_foundations(config, "  guardrails: { quarantine: false }\n")
    resources = _document(config, tmp_path / "out")
    assert not any("root" in policy["name"] for policy in resources["aws_organizations_policy"].values())
    assert all(".unit_ids." in each["target_id"] for each in resources["aws_organizations_policy_attachment"].values())


def test_the_documents_name_this_organisation(acme: dict[str, Any]) -> None:
    """Regions, names of roles and the organisation's id are those of YAML and of AWS; no placeholder is left."""
    content = "".join(policy["content"] for policy in acme["aws_organizations_policy"].values())
    assert '"aws:RequestedRegion":["eu-central-1","eu-west-1"]' in content
    assert "arn:aws:iam::*:role/acme-*-mlgov-apply" in content
    assert '"aws:PrincipalOrgID":"${data.terraform_remote_state.management-organization.outputs.' in content
    assert "{organization" not in content.replace("${", "")
    assert "o-000" not in content


def test_only_levels_in_use_are_made(tmp_path: Path) -> None:
    """The small organisation has no strict unit, so no strict policy."""
    resources = _document(ROOT / "examples" / "small", tmp_path / "out")
    levels = {policy["name"].rpartition("-")[0] for policy in resources["aws_organizations_policy"].values()}
    assert levels == {
        "minnow-org-guardrails-scp-root",
        *(f"minnow-org-guardrails-{kind}-{level}" for kind in ("rcp", "scp") for level in ("sandbox", "standard")),
    }


def test_guardrails_that_do_not_fit_are_an_error_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quota too small ends synthesis with the numbers and exit code 2, before anything is written."""
    config = copy_of_small(tmp_path, monkeypatch)
    quota = "{ characters: 10240, attachments: 2, reserved: 1 }"
    set_foundations(config, f"  guardrails:\n    service_control: {quota}\n")
    with pytest.raises(ConfigError, match="a target would carry 2 documents of kind scp, and 1 are free"):
        synthesise(config, tmp_path / "out", select="management-guardrails")
    assert not (tmp_path / "out").exists()


def test_the_approver_of_the_guardrails_is_the_approver_of_the_personas() -> None:
    """By default the role that may approve models is that of the one persona which Identity Center lets approve."""
    (pattern,) = FoundationsSettings().guardrails.approver_roles
    assert pattern.endswith(f"*AWSReservedSSO_mlgov-{APPROVER}_*")


def test_the_steward_of_the_guardrails_is_the_persona_that_grants_data() -> None:
    """By default who may tag and grant data is the one persona whose permission set lets it."""
    (pattern,) = FoundationsSettings().guardrails.steward_roles
    assert pattern.endswith("*AWSReservedSSO_mlgov-data-lake-administrator_*")
    assert "data-lake-administrator" in PROFILES


@pytest.mark.parametrize(
    "faulty",
    [
        {"guardrails": {"approver_roles": []}},
        {"guardrails": {"exempt_roles": ["*"]}},
        {"guardrails": {"corporate_networks": ["203.0.113.300/24"]}},
        {"guardrails": {"approved_vpcs": ["10.0.0.0/16"]}},
        {"guardrails": {"service_control": {"characters": 20_000, "attachments": 10, "reserved": 3}}},
        {"organization": {"policy_types": ["SERVICE_CONTROL_POLICY"]}},
    ],
)
def test_faulty_settings_are_refused(faulty: dict[str, Any]) -> None:
    """Nobody left to approve, everybody exempt, a network or VPC that is none, no policy type: errors at the border."""
    with pytest.raises(ValidationError):
        FoundationsSettings.model_validate_json(json.dumps(faulty))
