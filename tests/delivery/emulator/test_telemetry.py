"""Telemetry across accounts: a sink's policy decides who links to it and what they show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import Client

OBSERVER, OUTSIDER = "333333333399", "777777777799"
METRICS, LOGS, TRACES = "AWS::CloudWatch::Metric", "AWS::Logs::LogGroup", "AWS::XRay::Trace"


def _policy(organization_id: str) -> str:
    condition = {
        "StringEquals": {"aws:PrincipalOrgID": organization_id},
        "ForAllValues:StringEquals": {"oam:ResourceTypes": [METRICS, LOGS]},
    }
    actions = ["oam:CreateLink", "oam:UpdateLink"]
    allowed = {"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": "*", "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


@pytest.fixture(name="sink", scope="module")
def _sink(client: Client) -> Iterator[str]:
    organizations = client("organizations")
    try:
        organization = organizations.describe_organization()["Organization"]
    except organizations.exceptions.AWSOrganizationsNotInUseException:
        organization = organizations.create_organization(FeatureSet="ALL")["Organization"]
    observer = client("oam", OBSERVER)
    arn = observer.create_sink(Name="telemetry", Tags={"made": "here"})["Arn"]
    observer.put_sink_policy(SinkIdentifier=arn, Policy=_policy(organization["Id"]))
    yield arn
    observer.delete_sink(Identifier=arn)


def _link(client: Client, account: str | None, sink: str, kinds: list[str], **more: Any) -> Any:
    return client("oam", account).create_link(
        LabelTemplate="$AccountName", ResourceTypes=kinds, SinkIdentifier=sink, **more
    )


def test_an_account_of_the_organisation_links_once_and_is_seen(client: Client, sink: str) -> None:
    """The link is seen at the sink under the account's name, a second one is refused, and the sink stays meanwhile."""
    link = _link(client, None, sink, [METRICS, LOGS])
    seen = client("oam", OBSERVER).list_attached_links(SinkIdentifier=sink)["Items"]
    assert [(one["LinkArn"], one["ResourceTypes"]) for one in seen] == [(link["Arn"], [METRICS, LOGS])]
    assert link["Label"]
    assert "$" not in link["Label"]
    with pytest.raises(ClientError, match="ConflictException"):
        _link(client, None, sink, [METRICS])
    with pytest.raises(ClientError, match="ConflictException"):
        client("oam", OBSERVER).delete_sink(Identifier=sink)
    client("oam").delete_link(Identifier=link["Arn"])


def test_a_filter_ends_with_a_star(client: Client, sink: str) -> None:
    """A filter stays until it is replaced; `*` ends it; one with too many operands is refused."""
    only = {"MetricConfiguration": {"Filter": "Namespace IN ('AWS/Lambda')"}}
    link = _link(client, None, sink, [METRICS], LinkConfiguration=only)["Arn"]
    oam = client("oam")
    assert oam.update_link(Identifier=link, ResourceTypes=[METRICS])["LinkConfiguration"] == only
    long = " OR ".join(f"Namespace LIKE '{letter}%'" for letter in "abcdefg")
    with pytest.raises(ClientError, match="at most 5"):
        oam.update_link(
            Identifier=link,
            ResourceTypes=[METRICS],
            LinkConfiguration={"MetricConfiguration": {"Filter": long}},
        )
    every = {"MetricConfiguration": {"Filter": "*"}}
    oam.update_link(Identifier=link, ResourceTypes=[METRICS], LinkConfiguration=every)
    assert "LinkConfiguration" not in oam.get_link(Identifier=link)
    oam.delete_link(Identifier=link)


@pytest.mark.parametrize(
    ("account", "kinds", "why"),
    [(OUTSIDER, [METRICS], "does not let"), (None, [METRICS, TRACES], "does not let"), (OBSERVER, [LOGS], "own sink")],
)
def test_a_sink_takes_what_its_policy_admits(
    client: Client, sink: str, account: str | None, kinds: list[str], why: str
) -> None:
    """Nobody outside the organisation links, nothing beside the named kinds is shown, and nobody links to their own."""
    with pytest.raises(ClientError, match=why):
        _link(client, account, sink, kinds)
