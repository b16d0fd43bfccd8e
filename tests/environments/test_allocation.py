"""Whose a cost is: by account where one owner has it, by tag elsewhere, and what all share is split."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from environments.allocation import allocation
from environments.load import load
from environments.model import Organization
from modules.core.errors import ConfigError
from modules.cost_reporting.allocation import Allocation
from tests.environments.spoiled import Case, assert_complaints, case, copy_of_small, spoil
from tests.support.allocated import owners

ROOT = Path(__file__).parents[2]
PROJECT, TEAM, ORGANIZATION = "projects/order-returns.yaml", "teams/scoring.yaml", "organization.yaml"
CASES = (
    case(
        "a line of business by the name of what all share",
        *(TEAM, "line_of_business: Lending", "line_of_business: Shared data"),
        ("line_of_business:", "line_of_business", "must not be Shared data"),
    ),
    case(
        "a line of business that no cost category takes",
        *(TEAM, "line_of_business: Lending", "line_of_business: Lending/Retail"),
        ("line_of_business:", "line_of_business", "must be letters, digits, single spaces, - and _, 50 at most"),
    ),
    case(
        "a line of business whose reports would lie among those of nobody's costs",
        *(TEAM, "line_of_business: Lending", "line_of_business: unallocated"),
        ("line_of_business:", "line_of_business", "must be told apart from Unallocated by letters and digits"),
    ),
    case(
        "recipients of a line of business that there is not",
        *(
            ORGANIZATION,
            "cost_reporting:\n",
            "cost_reporting:\n  reports: { showback: { recipients: { Lendin: [cfo@minnow.example] } } }\n",
        ),
        (
            "  reports:",
            "cost_reporting.reports.showback.recipients.Lendin",
            "names the unknown line of business Lendin: did you mean Lending?",
        ),
    ),
    case(
        "fixed shares for a line of business that there is not",
        *(
            ORGANIZATION,
            "cost_reporting:\n",
            "cost_reporting:\n  split: { method: FIXED, percent: { Retail: 100 } }\n",
        ),
        ("  split:", "cost_reporting.split.percent", "must name each line of business, and no other: Lending"),
    ),
    case(
        "fixed shares that do not add up",
        *(
            ORGANIZATION,
            "cost_reporting:\n",
            "cost_reporting:\n  split: { method: FIXED, percent: { Lending: 99 } }\n",
        ),
        ("  split:", "cost_reporting.split", "must have per cent that add up to 100, and these add up to 99"),
    ),
)


@pytest.fixture(name="reference", scope="module")
def _reference() -> Organization:
    return load(ROOT / "environments")


@pytest.fixture(name="of_reference", scope="module")
def _of_reference(reference: Organization) -> Allocation:
    return allocation(reference, lambda account: account.name)


@pytest.fixture(name="of_small", scope="module")
def _of_small() -> Allocation:
    return allocation(load(ROOT / "examples" / "small"), lambda account: account.name)


def test_no_tag_moves_a_cost_out_of_an_account_with_one_owner(of_reference: Allocation) -> None:
    """What stands in a team's account is the team's, whoever it is tagged with, and so for data domains."""
    assert owners(of_reference, "fraud-dev", {"Team": "lending"}) == {
        "Team": "fraud",
        "LineOfBusiness": "Financial Crime",
        "Product": "No product",
        "Project": "No project",
    }
    assert owners(of_reference, "data-customers", {"Team": "lending"})["Team"] == "Shared data"


def test_tags_decide_in_accounts_that_several_use(of_small: Allocation) -> None:
    """A team and a data domain in one account are told apart by tag, and what carries none is nobody's."""
    assert owners(of_small, "workload", {"Team": "scoring"})["LineOfBusiness"] == "Lending"
    assert owners(of_small, "workload", {"DataDomain": "orders"})["LineOfBusiness"] == "Shared data"
    assert owners(of_small, "workload", {})["Team"] == "Unallocated"


def test_the_platform_is_shared_but_for_what_a_team_has_there(of_reference: Allocation) -> None:
    """A release in the account of the central registry is its team's; the account's other costs are everybody's."""
    account = "ml-shared-services-prod"
    assert owners(of_reference, account, {"Team": "fraud"})["Team"] == "fraud"
    assert owners(of_reference, account, {})["LineOfBusiness"] == "Shared platform"


def test_a_product_owns_what_its_own_team_has_tagged(of_reference: Allocation) -> None:
    """The tag of a project makes a cost the product's, unless the cost is another team's."""
    assert owners(of_reference, "fraud-prod", {"Project": "card-fraud"})["Product"] == "payment-screening"
    assert owners(of_reference, "lending-prod", {"Project": "card-fraud"})["Product"] == "No product"


def test_several_projects_are_one_product(reference: Organization) -> None:
    """Projects of a team that name one product are reported together, and each by itself below it."""
    renamed = tuple(project.model_copy(update={"product": "triage", "team": "fraud"}) for project in reference.projects)
    found = allocation(reference.model_copy(update={"projects": renamed}), lambda account: account.name)
    both = [owners(found, "fraud-dev", {"Project": name}) for name in ("card-fraud", "letter-triage")]
    assert [(each["Product"], each["Project"]) for each in both] == [
        ("triage", "card-fraud"),
        ("triage", "letter-triage"),
    ]


def test_each_account_has_an_owner(reference: Organization, of_reference: Allocation) -> None:
    """In the reference organisation no account is left to nobody."""
    found = {account.name: owners(of_reference, account.name, {})["Team"] for account in reference.accounts}
    assert "Unallocated" not in found.values()
    assert {"fraud", "lending", "Shared data", "Shared platform"} == set(found.values())


def test_what_all_share_is_split_among_all_lines_of_business(of_reference: Allocation) -> None:
    """Both shares are split by what each line of business costs itself; what nobody owns is not split."""
    assert [(split.source, split.method, split.targets) for split in of_reference.splits] == [
        ("Shared platform", "PROPORTIONAL", ("Financial Crime", "Retail Lending")),
        ("Shared data", "PROPORTIONAL", ("Financial Crime", "Retail Lending")),
    ]


@pytest.mark.parametrize("spoiled", CASES, ids=lambda spoiled: spoiled.fact)
def test_what_cost_categories_refuse_is_told_before(
    spoiled: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has file, line and path, and says what is allowed."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(spoiled)
    assert_complaints(spoiled.expected)


def test_a_product_of_two_teams_is_refused(tmp_path: Path) -> None:
    """A project that names another team's product is told, with whose it is."""
    shutil.copytree(ROOT / "environments", tmp_path / "config", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    project = tmp_path / "config" / "projects" / "letter-triage.yaml"
    project.write_text(f"{project.read_text(encoding='utf-8')}product: payment-screening\n", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"product makes the project part of payment-screening, which is of the team fraud"
    ):
        load(tmp_path / "config")
