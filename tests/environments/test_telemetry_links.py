"""Who shows telemetry to whom, and which logs there are, in both organisations of this repository."""

from __future__ import annotations

from collections import Counter

import pytest

from environments.graph import StackGraph
from environments.load import load
from environments.stacks.telemetry import offers_bedrock
from modules.observability.contract import SinkContract
from modules.observability.log_catalogue import purpose_of
from tests.support.organisations import ORGANISATIONS, Synthesised, documents


@pytest.mark.parametrize("name", sorted(ORGANISATIONS))
def test_every_account_is_linked_to_the_one_that_observes_it(name: str) -> None:
    """In each governed region to its sink there, once; the observing account alone is not linked to itself."""
    organization = load(ORGANISATIONS[name])
    graph = StackGraph(organization)
    for account in organization.accounts:
        observing = organization.account_for("observability", account.environment)
        for region in organization.governed_regions:
            abroad = "" if region == organization.home_region else f"-{region}"
            baseline = graph.nodes[f"{account.name}-baseline{abroad}"]
            sink = None if observing == account else f"{observing.name}-sink{abroad}"
            assert baseline.consumes.get(SinkContract) == sink


@pytest.mark.e2e  # reads every stack
@pytest.mark.parametrize("name", sorted(ORGANISATIONS))
def test_every_synthesised_baseline_has_its_one_link(synthesised: Synthesised, name: str) -> None:
    """Each baseline that knows a sink links to what that publishes, and no other stack does; all find failed traces."""
    graph = StackGraph(load(ORGANISATIONS[name]))
    for entry, document in documents(synthesised(name)):
        sink = graph.nodes[entry.id].consumes.get(SinkContract) if entry.stack == "baseline" else None
        links = document.get("resource", {}).get("aws_oam_link", {})
        read = f"${{data.terraform_remote_state.{sink}.outputs.sink_arn}}"
        assert [link["sink_identifier"] for link in links.values()] == ([read] if sink else [])
        assert len(document.get("resource", {}).get("aws_xray_group", {})) == (entry.stack == "baseline")


@pytest.mark.e2e  # reads every stack
@pytest.mark.parametrize("name", sorted(ORGANISATIONS))
def test_every_log_group_is_catalogued_kept_and_encrypted(synthesised: Synthesised, name: str) -> None:
    """Each has a purpose of the catalogue, days and a key, and no account has one of a name twice."""
    found = Counter[tuple[str, str, str]]()
    for entry, document in documents(synthesised(name)):
        for group in document.get("resource", {}).get("aws_cloudwatch_log_group", {}).values():
            assert purpose_of(group["name"]) is not None, f"{entry.id}: nobody catalogued {group['name']}"
            assert group["retention_in_days"] >= 365
            assert group["kms_key_id"]
            found[entry.account, entry.region, group["name"]] += 1
    assert found
    assert [group for group, times in found.items() if times > 1] == []


def test_bedrock_is_logged_where_a_team_reaches_it() -> None:
    """In accounts of teams, and in none where private endpoints leave Bedrock out, or AWS has none of it."""
    organization = load(ORGANISATIONS["acme"])
    reached = {account.name for account in organization.accounts if offers_bedrock(organization, account)}
    assert reached == {account.name for account in organization.with_role("ml-team")}
    team, settings = organization.account("fraud-dev"), organization.settings("org")
    without = settings.foundations.endpoints.model_copy(update={"groups": ("core", "ml")})
    foundations = settings.foundations.model_copy(update={"endpoints": without})
    org = settings.model_copy(update={"foundations": foundations})
    private = organization.model_copy(update={"module_settings": {**organization.module_settings, "org": org}})
    assert not offers_bedrock(private, team)
    assert not offers_bedrock(organization.model_copy(update={"partition": "aws-cn"}), team)
