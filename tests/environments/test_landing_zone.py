"""What Control Tower gets of both organisations, and the rules that keep it and us apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from environments.build import synthesise
from environments.graph import StackGraph
from environments.landing_zone import governed_units
from environments.load import load
from environments.manifest import STACK_FILE
from environments.model import Organization
from modules.foundations.contract import OrganizationContract
from tests.environments.spoiled import (
    ORGANIZATION,
    Expected,
    assert_complaints,
    case,
    copy_of_small,
    set_foundations,
    spoil,
)

ROOT = Path(__file__).parents[2]
# The small organisation with an account of its own for logs, beside that of security tooling.
SPLIT = """\
  archive:
    email: aws-archive@minnow.example
    unit: platform
    environment: org
    roles: [log-archive]
"""


@pytest.fixture(name="acme", scope="module")
def _acme() -> Organization:
    return load(ROOT / "environments")


def test_controls_stand_at_the_units_that_hold_accounts(acme: Organization) -> None:
    """Each inhabited unit has the controls of its level; without AWS Config no unit is registered."""
    units = {unit.key: unit for unit in governed_units(acme)}
    inhabited = {account.unit for account in acme.accounts if account.unit}
    assert {key for key, unit in units.items() if unit.controls} == inhabited
    assert "key-rotation" in units["ml-production"].controls
    assert "key-rotation" not in units["ml-non-production"].controls
    assert not any(unit.registered for unit in units.values())


def test_control_tower_comes_after_its_landing_zone(acme: Organization) -> None:
    """Neither stack reads the other; the order is the graph's. The landing zone needs no account's id."""
    graph = StackGraph(acme)
    order = list(graph.nodes)
    assert order.index("management-landing-zone") < order.index("management-control-tower")
    assert OrganizationContract not in graph.nodes["management-landing-zone"].consumes


def test_without_a_landing_zone_there_is_no_control_tower() -> None:
    """The small organisation runs without."""
    nodes = StackGraph(load(ROOT / "examples" / "small")).nodes
    assert not {"management-landing-zone", "management-control-tower"} & set(nodes)


def _with(config: Path, settings: str, *, trail: str = "mlgov", recorder: str = "mlgov") -> None:
    set_foundations(config, f"  landing_zone: {settings}\n")
    spoil(case("", ORGANIZATION, "    areas: [ORG]\n", f"    areas: [ORG]\n    recorder: {{ source: {recorder} }}\n"))
    with (config / ORGANIZATION).open("a", encoding="utf-8") as file:
        file.write(f"\nobservability: {{ trail: {{ source: {trail} }} }}\n")


def test_where_control_tower_records_all_but_two_kinds_of_units_are_registered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With AWS Config integrated the landing zone reads the shared accounts; their unit is not registered itself."""
    config = copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "      - log-archive\n", ""))
    spoil(case("", ORGANIZATION, "  workload:\n    email", f"{SPLIT}  workload:\n    email"))
    _with(config, "{ enabled: true, config: true }", recorder="control-tower")
    organization = load(config)
    assert {unit.key: unit.registered for unit in governed_units(organization)} == {
        "platform": False,
        "workloads": True,
    }
    node = StackGraph(organization).nodes["management-landing-zone"]
    assert node.consumes[OrganizationContract] == "management-organization"
    synthesise(config, tmp_path / "out", select="management-[cl]*")
    zone = _resources(tmp_path, "landing-zone")["aws_controltower_landing_zone"]
    manifest = json.loads(next(iter(zone.values()))["manifest_json"])
    ids = "${data.terraform_remote_state.management-organization.outputs.account_ids"
    assert manifest["config"]["accountId"] == f"{ids}.platform}}"
    assert manifest["centralizedLogging"] == {"enabled": False}
    (baseline,) = _resources(tmp_path, "control-tower")["aws_cloudcontrolapi_resource"].values()
    assert baseline["desired_state"].count(".outputs.unit_ids.workloads}") == 1


def _resources(tmp_path: Path, stack: str) -> dict[str, Any]:
    path = tmp_path / "out" / "stacks" / f"management-{stack}" / STACK_FILE
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["resource"]
    return found


def test_the_shared_accounts_are_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One account with both roles cannot be what Control Tower deploys into."""
    config = copy_of_small(tmp_path, monkeypatch)
    _with(config, "{ enabled: true, config: true }", recorder="control-tower")
    words = "must not have the roles log-archive and security-tooling both: Control Tower wants two accounts"
    spoil(
        case("", ORGANIZATION, "    roles:\n      - log-archive", "    roles: # of the platform\n      - log-archive")
    )
    assert_complaints((Expected(ORGANIZATION, "roles: # of the platform", "accounts.platform.roles", words),))


def test_the_shared_accounts_stand_in_one_unit_below_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit below another, and two units, are what Control Tower refuses; so do we, with the lines."""
    config = copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "      - log-archive\n", ""))
    below = SPLIT.replace("unit: platform", "unit: vault")
    spoil(case("", ORGANIZATION, "  workload:\n    email", f"{below}  workload:\n    email"))
    spoil(case("", ORGANIZATION, "\naccounts:", "  vault: { name: Vault, parent: platform }\n\naccounts:"))
    _with(config, "{ enabled: true, config: true }", recorder="control-tower")
    assert_complaints(
        (
            Expected(ORGANIZATION, "unit: vault", "accounts.archive.unit", "must be a unit directly below the root"),
            Expected(
                ORGANIZATION, "unit: platform", "accounts.platform.unit", "must be the unit of the account archive"
            ),
        )
    )


@pytest.mark.parametrize(
    ("zone", "trail", "words"),
    [
        ("{ enabled: true, central_logging: true }", "mlgov", "must be control-tower while foundations.landing_zone"),
        ("{ enabled: true }", "control-tower", "must be mlgov while foundations.landing_zone.central_logging is false"),
    ],
)
def test_one_trail_records_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, trail: str, words: str
) -> None:
    """Two trails are one too many, none is one too few."""
    config = copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "      - log-archive\n", ""))
    spoil(case("", ORGANIZATION, "  workload:\n    email", f"{SPLIT}  workload:\n    email"))
    _with(config, zone, trail=trail)
    assert_complaints((Expected(ORGANIZATION, "trail: { source", "observability.trail.source", words),))


def test_a_trail_that_was_set_up_by_hand_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a landing zone of ours, the trail may be that of another Control Tower."""
    config = copy_of_small(tmp_path, monkeypatch)
    _with(config, "{ enabled: false }", trail="control-tower")
    assert "management-trail" not in StackGraph(load(config)).nodes


def test_detective_controls_need_a_recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An AWS Config rule of Control Tower's without its AWS Config is an error of the level that names it."""
    config = copy_of_small(tmp_path, monkeypatch)
    _with(config, "{ enabled: true }\n  control_tower: { controls: { sandbox: [detect-public-read] } }")
    words = "must not name detect-public-read while landing_zone.config is false"
    at = "foundations.control_tower.controls.sandbox"
    assert_complaints((Expected(ORGANIZATION, "detect-public-read", at, words),))


def test_one_recorder_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Control Tower brings AWS Config, our own recorder would be a second one, which AWS refuses."""
    config = copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "      - log-archive\n", ""))
    spoil(case("", ORGANIZATION, "  workload:\n    email", f"{SPLIT}  workload:\n    email"))
    _with(config, "{ enabled: true, config: true }")
    words = "must be control-tower while landing_zone.config is true"
    assert_complaints((Expected(ORGANIZATION, "recorder:", "foundations.config.recorder.source", words),))
