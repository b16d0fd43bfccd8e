"""Rules of projects whose models are released."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.load import load
from modules.core.errors import ConfigError
from tests.environments.spoiled import CONFIG, ORGANIZATION, case, copy_of_small, spoil

PROJECT = "projects/order-returns.yaml"


def complaints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *changes: tuple[str, str, str]) -> str:
    """What is said of the small organisation with these texts replaced."""
    copy_of_small(tmp_path, monkeypatch)
    for change in changes:
        spoil(case("", *change))
    with pytest.raises(ConfigError) as caught:
        load(CONFIG)
    return str(caught.value)


def test_the_releasing_account_needs_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds of releases run in a VPC, so a project that is served is told which account lacks one."""
    told = complaints(tmp_path, monkeypatch, (ORGANIZATION, "    cidr: 10.0.0.0/16\n", ""))
    assert f"{PROJECT}:11 serving needs a network in eu-west-1 for the builds of its releases: give" in told


def test_the_account_that_builds_is_not_the_one_that_releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version of the central registry is released as a copy alone, and in one registry nobody makes one."""
    told = complaints(
        tmp_path,
        monkeypatch,
        ("teams/scoring.yaml", "dev: { use: workload }", "dev: { use: platform }"),
        (ORGANIZATION, "      - ml-shared-services\n", "      - ml-shared-services\n      - ml-team\n"),
    )
    assert f"{PROJECT}:11 serving needs the central registry in another account than platform, where scoring" in told
    assert "Give the role ml-shared-services to an account of its own, or leave `serving` out" in told


def test_a_served_model_has_a_name_that_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest name that AWS would refuse is told with how much is too much."""
    copy_of_small(tmp_path, monkeypatch)
    longer = "projects/order-returns-of-all.yaml"
    spoil(case("", ORGANIZATION, "name: minnow\n", "name: minnow-and-partners\n"))
    spoil(case("", PROJECT, "project: order-returns\n", "project: order-returns-of-all\n"))
    (CONFIG / PROJECT).rename(CONFIG / longer)
    with pytest.raises(ConfigError) as caught:
        load(CONFIG)
    made = "makes the name minnow-and-partners-prod-release--order-returns-of-all-"
    assert f"{longer}:3 project {made}" in str(caught.value)
