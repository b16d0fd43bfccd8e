"""Who reaches whom, as the whole table."""

from __future__ import annotations

from itertools import product

import pytest

from modules.foundations.network.reachability import ENVIRONMENTS, SEGMENTS, Environment, Profile, learners, reaches

PROFILES: dict[Environment, Profile] = {"org": "isolated", "dev": "egress", "test": "isolated", "prod": "isolated"}
#            org  dev  test prod egress
TABLE = {
    "org": "  yes  yes  yes  yes  -   ",
    "dev": "  yes  -    -    -    yes ",
    "test": " yes  -    -    -    -   ",
    "prod": " yes  -    -    -    -   ",
    "egress": "-   yes  -    -    -   ",
}


@pytest.mark.parametrize("source", SEGMENTS)
def test_the_table_of_reachability_is_exactly_this(source: str) -> None:
    """Shared networks and every environment reach each other; dev alone goes out; nothing else reaches across."""
    found = ["yes" if reaches(source, target, PROFILES) else "-" for target in SEGMENTS]  # type: ignore[arg-type]
    assert found == TABLE[source].split()


@pytest.mark.parametrize("profile", ["isolated", "egress"])
def test_who_is_reached_can_answer(profile: Profile) -> None:
    """Reachability is symmetric under all profiles: a route without a way back would only lose packets."""
    profiles = dict.fromkeys(ENVIRONMENTS, profile)
    for source, target in product(SEGMENTS, SEGMENTS):
        assert reaches(source, target, profiles) == reaches(target, source, profiles)


@pytest.mark.parametrize("profile", ["isolated", "egress"])
def test_environments_never_reach_each_other(profile: Profile) -> None:
    """Not dev to prod, not test to prod, whatever their profiles."""
    profiles = dict.fromkeys(ENVIRONMENTS, profile)
    stages: tuple[Environment, ...] = ("dev", "test", "prod")
    assert not any(reaches(source, target, profiles) for source, target in product(stages, stages))


def test_a_network_is_told_to_those_who_reach_it() -> None:
    """The tables that learn a network are the column of the table."""
    assert learners("org", PROFILES) == ("org", "dev", "test", "prod")
    assert learners("dev", PROFILES) == ("org", "egress")
    assert learners("prod", PROFILES) == ("org",)
