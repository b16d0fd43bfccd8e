"""Each stage of leaving: what goes, what stays, and that nothing else is touched."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import cdktf
import pytest

from environments import placement
from environments.compose import compose
from environments.graph import StackGraph
from environments.identity import assignments, groups
from environments.load import load
from environments.model import Organization
from environments.node import Node
from environments.placement.site import Site
from environments.vocabulary import Offboarding
from modules.core.errors import ConfigError
from modules.core.retention import outlives_its_stack
from modules.foundations.contract import OrganizationContract
from modules.observability.contract import LogArchiveContract

REFERENCE = Path(__file__).parents[2] / "environments"
FRAUD = ("fraud-dev", "fraud-prod", "fraud-test")
Leaving = Callable[..., Organization]


@pytest.fixture(name="config")
def _config(tmp_path: Path) -> Path:
    """A copy of the reference organisation that has a unit for suspended accounts, and no central feature groups."""
    config = tmp_path / "config"
    ignored = shutil.ignore_patterns("*.py", "__pycache__", "rules", "stacks", "features", "projects", "*.lock.json")
    shutil.copytree(REFERENCE, config, ignore=ignored)
    return config


@pytest.fixture(name="leaving")
def _leaving(config: Path) -> Leaving:
    """`leaving(file, stage)`: the organisation in which the team or domain of this file is at `stage`."""

    def leaving(file: str, stage: Offboarding | None) -> Organization:
        path = config / file
        original = (REFERENCE / file).read_text(encoding="utf-8")
        path.write_text(original + (f"offboarding: {stage}\n" if stage else ""), encoding="utf-8")
        return load(config)

    return leaving


def _held(organization: Organization) -> dict[str, set[str]]:
    """Who holds something in the accounts of the team fraud, by account; the auditor is left out."""
    found: dict[str, set[str]] = {}
    for each in assignments(organization):
        if each.account in FRAUD and each.group.persona != "security-auditor":
            found.setdefault(each.account, set()).add(each.group.persona)
    return found


def test_without_access_a_team_keeps_all_but_its_people(leaving: Leaving) -> None:
    """At access-removed nobody of the team holds anything anywhere; groups, accounts and stacks are as before."""
    before, after = leaving("teams/fraud.yaml", None), leaving("teams/fraud.yaml", "access-removed")
    assert [each for each in assignments(after) if each.group.team == "fraud"] == []
    assert _held(after) == {"fraud-prod": {"break-glass"}}
    assert groups([team.name for team in after.teams]) == groups([team.name for team in before.teams])
    assert after.accounts == before.accounts
    assert set(StackGraph(after).nodes) == set(StackGraph(before).nodes)


def test_a_suspended_account_stands_in_the_quarantine_with_nothing(leaving: Leaving) -> None:
    """Unit and network change, and nobody works there; its tags, and the roles that keys and access go by, stay."""
    before, after = leaving("teams/fraud.yaml", None), leaving("teams/fraud.yaml", "suspended")
    for name in FRAUD:
        account, former = after.account(name), before.account(name)
        assert (account.unit, account.networks) == ("suspended", {})
        assert account not in after.with_role("ml-team")
        assert account.former == former
        assert account.model_copy(update={"unit": former.unit, "networks": former.networks, "former": None}) == former
    assert _held(after) == {}
    assert not any(each.account in FRAUD for each in assignments(after))
    assert {f"{name}-{kind}" for name in FRAUD for kind in ("access", "baseline")} <= set(StackGraph(after).nodes)


def test_a_closed_team_is_gone_but_for_its_accounts_to_forget(leaving: Leaving) -> None:
    """No stack, no group, no assignment is left of it; its accounts stand in `closed`."""
    before, after = leaving("teams/fraud.yaml", None), leaving("teams/fraud.yaml", "closed")
    assert tuple(account.name for account in after.closed) == FRAUD
    assert [team.name for team in after.teams] == ["lending"]
    gone = set(StackGraph(before).nodes) - set(StackGraph(after).nodes)
    assert all(stack.startswith(FRAUD) for stack in gone)
    assert not any(account in stack for stack in StackGraph(after).nodes for account in FRAUD)


def test_projects_go_with_their_team(leaving: Leaving, config: Path) -> None:
    """Until a team is closed its projects are kept; then central stacks no longer ask whose they are."""
    text = (REFERENCE / "projects/letter-triage.yaml").read_text().replace("team: lending", "team: fraud")
    (config / "projects").mkdir()
    (config / "projects/letter-triage.yaml").write_text(text)
    assert [each.team for each in leaving("teams/fraud.yaml", "suspended").projects] == ["fraud"]
    assert leaving("teams/fraud.yaml", "closed").projects == ()


def test_an_account_that_is_used_outlives_its_team(leaving: Leaving, config: Path) -> None:
    """An account of organization.yaml stays as it is, with its roles, at every stage of a team that uses it."""
    file = config / "teams" / "fraud.yaml"
    organization = config / "organization.yaml"
    place = "unit: ml-non-production, environment: dev, cidr: 10.20.0.0/16"
    shared = f"{{ email: shared@acme.example, {place}, roles: [ml-team] }}"
    _replace(organization, "  log-archive:\n", f"  shared-dev: {shared}\n  log-archive:\n")
    vended = "dev: { email: aws-fraud-dev@acme.example, cidr: 10.20.0.0/16 }"
    original = (REFERENCE / "teams/fraud.yaml").read_text().replace(vended, "dev: { use: shared-dev }")
    for stage in ("access-removed", "suspended", "closed"):
        file.write_text(original + f"offboarding: {stage}\n")
        account = load(config).account("shared-dev")
        assert (account.unit, account.roles, account.former) == ("ml-non-production", ("ml-team",), None)


def _workshop(site: Site) -> Iterator[Node]:
    """Two kinds of stacks that stand in accounts of teams only; the trail reads the archive beside it."""
    for account in site.organization.with_role("ml-team"):
        access = site.access(account)
        yield site.node("logs", account, {**access, OrganizationContract: site.tree}, module="observability")
        reads = {**access, LogArchiveContract: site.id(account, "logs")}
        yield site.node("trail", account, reads, module="observability")


@pytest.fixture(name="workshops")
def _workshops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "AREAS", (*placement.AREAS, _workshop))


@pytest.mark.usefixtures("workshops")
def test_what_a_suspended_account_had_is_taken_down_before_what_it_read(leaving: Leaving) -> None:
    """Its stacks stay in the graph, dismantled: readers first, and reading nothing but access and account id."""
    graph = StackGraph(leaving("teams/fraud.yaml", "suspended"))
    for name in FRAUD:
        archive, trail = graph.nodes[f"{name}-logs"], graph.nodes[f"{name}-trail"]
        assert archive.dismantled
        assert trail.dismantled
        assert archive.producers == (f"{name}-access", f"{name}-trail", "management-organization")
        assert trail.producers == (f"{name}-access", "management-organization")
    assert not graph.nodes["lending-dev-logs"].dismantled
    assert not graph.nodes["fraud-dev-baseline"].dismantled


@pytest.mark.usefixtures("workshops")
def test_a_dismantled_stack_keeps_data_and_destroys_the_rest(leaving: Leaving) -> None:
    """Data and its protection are forgotten, all else is gone; backend and provider are the same."""
    works = _document(StackGraph(leaving("teams/fraud.yaml", "access-removed")), "fraud-dev-logs")
    down = _document(StackGraph(leaving("teams/fraud.yaml", "suspended")), "fraud-dev-logs")
    had = {f"{kind}.{name}": kind for kind, named in works["resource"].items() for name in named}
    forgotten = {block["from"] for block in down["removed"]}
    assert forgotten == {address for address, kind in had.items() if outlives_its_stack(kind)}
    assert {"aws_s3_bucket", "aws_s3_bucket_public_access_block", "aws_kms_key"} <= {had[each] for each in forgotten}
    assert all(block["lifecycle"] == {"destroy": False} for block in down["removed"])
    assert down["//"]["dismantled"] is True
    assert "resource" not in down
    assert "output" not in down
    assert (down["terraform"], down["provider"]) == (works["terraform"], works["provider"])
    assert list(down["data"]["terraform_remote_state"]) == ["management-organization"]


def _document(graph: StackGraph, stack_id: str) -> dict[str, dict[str, dict[str, object]]]:
    stack = compose(cdktf.Testing.app(), graph, graph.nodes[stack_id])
    document: dict[str, dict[str, dict[str, object]]] = stack.to_terraform()
    return document


def test_a_suspended_team_needs_a_unit_to_go_to(leaving: Leaving, config: Path) -> None:
    """Without vending.suspended_unit the message names the account, its file and what to write."""
    _replace(config / "organization.yaml", "  suspended_unit: suspended", "")
    assert leaving("teams/fraud.yaml", "access-removed").closed == ()
    with pytest.raises(ConfigError) as caught:
        leaving("teams/fraud.yaml", "suspended")
    (line,) = str(caught.value).splitlines()
    assert "vending.suspended_unit is required: the account fraud-dev" in line
    assert line.endswith("is suspended, so name a unit with guardrails: quarantine")


@pytest.mark.parametrize(
    ("unit", "fragment"),
    [
        ("ml", "vending.suspended_unit must name a unit with guardrails: quarantine"),
        ("suspnded", "vending.suspended_unit names the unknown unit suspnded: did you mean suspended?"),
    ],
)
def test_suspended_accounts_go_to_a_quarantine_only(config: Path, unit: str, fragment: str) -> None:
    """A unit in which an account could still work, or that does not exist, is refused."""
    _replace(config / "organization.yaml", "suspended_unit: suspended", f"suspended_unit: {unit}")
    with pytest.raises(ConfigError, match=fragment):
        load(config)


def test_nobody_builds_on_a_domain_that_is_given_up(leaving: Leaving) -> None:
    """A domain that leaves is an error in every file that names it and does not leave as far, with file and line."""
    with pytest.raises(ConfigError) as caught:
        leaving("domains/customers.yaml", "access-removed")
    lines = str(caught.value).splitlines()
    assert [line.split("config/")[1].split(":")[0] for line in lines] == [
        "domains/payments.yaml",
        "teams/fraud.yaml",
        "teams/lending.yaml",
    ]
    assert all("the data domain customers, which is access-removed: remove it here" in line for line in lines)


def test_a_team_may_leave_with_the_domain_it_consumes(leaving: Leaving, config: Path) -> None:
    """A consumer that is as far on its way out as the domain is no error."""
    leaving("teams/fraud.yaml", "access-removed")
    after = leaving("domains/payments.yaml", "access-removed")
    assert [domain.offboarding for domain in after.domains] == [None, "access-removed"]


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
