"""Rules of Studio: what is wrong in the `studio` of a team's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.environments.spoiled import DEV, ORGANIZATION, TEAM, Case, assert_complaints, case, copy_of_small, spoil

STUDIO = "    alex.reed: {}\n"
CASES = (
    case(
        "two people of one name in Studio",
        *(TEAM, STUDIO, f"{STUDIO}    Alex-Reed: {{}}\n"),
        ("alex.reed: {}", "studio.users.alex.reed", "is called alex-reed in Studio, and so is another profile"),
        ("Alex-Reed: {}", "studio.users.Alex-Reed", "is called Alex-Reed in Studio, and so is another profile"),
    ),
    case(
        "a person who is called as the shared space",
        *(TEAM, STUDIO, f"{STUDIO}    scoring-shared: {{}}\n  shared_space: {{ owner: alex.reed }}\n"),
        ("scoring-shared: {}", "studio.users.scoring-shared", "and so is another profile or space of the team"),
    ),
    case(
        "a shared space of nobody",
        *(TEAM, STUDIO, f"{STUDIO}  shared_space: {{ owner: alex.read }}\n"),
        ("owner: alex.read", "studio.shared_space.owner", "names the unknown user alex.read: did you mean alex.reed?"),
    ),
    case(
        "a shared space of a lead",
        *(TEAM, STUDIO, f"{STUDIO}  shared_space: {{ owner: robin }}\n"),
        (
            "{ owner: robin }",
            "studio.shared_space.owner",
            "must be a data scientist, as everybody works in a shared space",
        ),
    ),
    case(
        "people without a network",
        *(ORGANIZATION, "    cidr: 10.1.0.0/16\n", ""),
        ("users:", "studio.users", "needs a network in eu-west-1 to stand in: give the account workload a cidr", TEAM),
        ("account:", "account.use", "is an account without a network", "domains/orders.yaml"),
        ("serving:", "serving", "needs a network in eu-west-1 to serve in", "projects/order-returns.yaml"),
    ),
    case(
        "idle minutes out of their bounds",
        *(DEV, "environment: dev", "environment: dev\nml_use_case: { studio: { idle: { minutes: 240 } } }"),
        ("ml_use_case", "ml_use_case.studio.idle", "must have minutes between minimum and maximum"),
    ),
)


@pytest.mark.parametrize("each", CASES, ids=lambda each: each.fact)
def test_a_problem_is_told_where_it_is(each: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names file, line and path, and says what to do."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(each)
    assert_complaints(each.expected)
