"""The hub keeps what its docstrings guarantee."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from modules.foundations.network.contract import AttachmentContract, HubContract
from modules.foundations.network.hub import Hub
from modules.foundations.network.reachability import ENVIRONMENTS, Environment, Profile
from modules.foundations.network.routes import Attached, Routes
from modules.foundations.network.settings import NetworkSettings
from modules.observability.contract import LogArchiveContract
from tests.support.rendering import NAMING, Rendered, render

NETWORK = replace(NAMING, environment="org", account="network")
LOGS = LogArchiveContract("acme-org-logs", "arn:aws:s3:::acme-org-logs", "arn:aws:kms:eu-west-1:3:key/k")
ORGANIZATION = "arn:aws:organizations::111111111111:organization/o-acme123456"
PROFILES: dict[Environment, Profile] = {"org": "isolated", "dev": "egress", "test": "isolated", "prod": "isolated"}
SUPERNET, ANYWHERE = "10.0.0.0/8", "0.0.0.0/0"


def _hub(**settings: Any) -> Rendered:
    return render(
        lambda scope: Hub(
            scope,
            "hub",
            naming=NETWORK,
            settings=NetworkSettings(**settings),
            profiles=PROFILES,
            cidr="10.0.0.0/18",
            share_with=ORGANIZATION,
            logs=LOGS,
        )
    )


@pytest.fixture(name="inspected", scope="module")
def _inspected() -> Rendered:
    return _hub(egress="nat")


@pytest.fixture(name="plain", scope="module")
def _plain() -> Rendered:
    return _hub(egress="nat", inspection="none", nat_gateways="single")


def _named(reference: str) -> str:
    """The construct that a reference such as `${aws_subnet.hub_egress_public-a_1A2B3C4D.id}` leads to."""
    (found,) = re.findall(r"\.hub_(?:egress_|transit_)?([\w-]+?)(?:_[0-9A-F]{8})?\.id", reference)
    return str(found)


def _ways(hub: Rendered, tier: str) -> dict[str, dict[str, str]]:
    """For each route table of a tier its destinations, and what they lead to."""
    ways: dict[str, dict[str, str]] = {}
    for route in hub.all("aws_route").values():
        table = _named(route["route_table_id"])
        if not table.startswith(tier):
            continue
        (target,) = (route[key] for key in route if key.endswith("_id") and key != "route_table_id")
        inspected = "firewall_status" in target
        leads_to = "firewall " + _named(target.rpartition("==")[2] + "}") if inspected else _named(target)
        ways.setdefault(table.removesuffix("-table"), {})[route["destination_cidr_block"]] = leads_to
    return ways


def _segment(route: dict[str, Any]) -> str:
    return _named(route["transit_gateway_route_table_id"]).removeprefix("table-")


def test_an_attachment_has_no_route_until_one_is_made(inspected: Rendered) -> None:
    """The gateway neither associates nor propagates by default, and has a table for each segment."""
    gateway = inspected.one("aws_ec2_transit_gateway")
    assert gateway["default_route_table_association"] == gateway["default_route_table_propagation"] == "disable"
    tables = inspected.all("aws_ec2_transit_gateway_route_table").values()
    assert [table["tags"]["Name"] for table in tables] == [
        f"acme-org-hub-{segment}" for segment in ("dev", "egress", "org", "prod", "test")
    ]


def test_only_accounts_of_the_organisation_can_attach(inspected: Rendered) -> None:
    """The share is closed to outsiders and names the organisation alone, so attachments need no acceptance."""
    assert inspected.one("aws_ram_resource_share")["allow_external_principals"] is False
    assert inspected.one("aws_ram_principal_association")["principal"] == ORGANIZATION
    assert inspected.one("aws_ec2_transit_gateway")["auto_accept_shared_attachments"] == "enable"


def test_what_an_environment_does_not_reach_is_dropped(inspected: Rendered) -> None:
    """In the table of every environment the supernet is a blackhole, which only longer prefixes override."""
    routes = inspected.all("aws_ec2_transit_gateway_route").values()
    dropped = [_segment(route) for route in routes if route.get("blackhole")]
    assert sorted(dropped) == sorted(ENVIRONMENTS)
    assert {route["destination_cidr_block"] for route in routes if route.get("blackhole")} == {SUPERNET}


def test_only_environments_with_egress_have_a_default_route(inspected: Rendered) -> None:
    """dev goes out by the egress VPC; the others have no way to the internet."""
    routes = inspected.all("aws_ec2_transit_gateway_route").values()
    out = [route for route in routes if route["destination_cidr_block"] == ANYWHERE]
    assert [_segment(route) for route in out] == ["dev"]
    assert _named(out[0]["transit_gateway_attachment_id"]) == "attachment"


def test_nothing_goes_around_the_firewall(inspected: Rendered) -> None:
    """Out: attachment, firewall, NAT, internet. Back: the same endpoint of the same zone, then the gateway."""
    for zone in "ab":
        assert _ways(inspected, "attachment")[f"attachment-{zone}"] == {ANYWHERE: f"firewall firewall-{zone}"}
        assert _ways(inspected, "firewall")[f"firewall-{zone}"] == {ANYWHERE: f"nat-{zone}", SUPERNET: "gateway"}
        assert _ways(inspected, "public")[f"public-{zone}"] == {
            ANYWHERE: "internet",
            SUPERNET: f"firewall firewall-{zone}",
        }
    assert inspected.one("aws_ec2_transit_gateway_vpc_attachment")["appliance_mode_support"] == "enable"


def test_a_single_nat_gateway_serves_all_zones(plain: Rendered) -> None:
    """Without a firewall the attachments lead to the one NAT gateway, and the answers straight back."""
    assert _ways(plain, "attachment") == {f"attachment-{zone}": {ANYWHERE: "nat-a"} for zone in "ab"}
    assert _ways(plain, "public") == {"public-a": {ANYWHERE: "internet", SUPERNET: "gateway"}}
    assert plain.one("aws_ec2_transit_gateway_vpc_attachment")["appliance_mode_support"] == "disable"


def test_a_single_nat_gateway_has_a_single_firewall_endpoint() -> None:
    """A flow goes out and back through one endpoint, as a firewall drops what it saw no beginning of."""
    hub = _hub(egress="nat", nat_gateways="single", zones=3)
    assert len(hub.one("aws_networkfirewall_firewall")["subnet_mapping"]) == 1
    assert _ways(hub, "attachment") == {f"attachment-{zone}": {ANYWHERE: "firewall firewall-a"} for zone in "abc"}
    assert _ways(hub, "public") == {"public-a": {ANYWHERE: "internet", SUPERNET: "firewall firewall-a"}}


def test_a_firewall_that_comes_later_moves_no_subnet(inspected: Rendered) -> None:
    """Subnets have the same addresses with and without inspection; only those of the firewall are added."""
    without = _hub(egress="nat", inspection="none")
    blocks = [{body["cidr_block"] for body in hub.all("aws_subnet").values()} for hub in (without, inspected)]
    assert blocks[0] < blocks[1]
    assert len(blocks[1] - blocks[0]) == 2


def test_nothing_comes_in_from_the_internet(inspected: Rendered) -> None:
    """No subnet gives out public addresses, and the default security group has no rule."""
    assert {subnet["map_public_ip_on_launch"] for subnet in inspected.all("aws_subnet").values()} == {False}
    group = inspected.one("aws_default_security_group")
    assert "ingress" not in group
    assert "egress" not in group


def test_without_egress_there_is_a_gateway_and_nothing_behind_it() -> None:
    """No VPC, no table for the way out, no default route; the settings' default."""
    hub = _hub()
    assert not hub.all("aws_vpc")
    assert not hub.all("aws_internet_gateway")
    assert len(hub.all("aws_ec2_transit_gateway_route_table")) == len(ENVIRONMENTS)
    assert all(route["blackhole"] for route in hub.all("aws_ec2_transit_gateway_route").values())


def test_all_flows_are_logged_in_the_archive(inspected: Rendered) -> None:
    """Those of the gateway, apart, and of the egress VPC, each minute, as Parquet."""
    logs = inspected.all("aws_flow_log").values()
    assert {key for log in logs for key in log if key in ("transit_gateway_id", "vpc_id")} == {
        "transit_gateway_id",
        "vpc_id",
    }
    for log in logs:
        apart = "/transit-gateways/" if "transit_gateway_id" in log else ""
        assert (log["log_destination"], log["max_aggregation_interval"]) == (f"{LOGS.bucket_arn}{apart}", 60)
        assert log["destination_options"]["file_format"] == "parquet"


def test_the_firewall_lets_out_named_domains_and_drops_the_rest(inspected: Rendered) -> None:
    """UDP and ICMP first, then the allowed names, then everything that is established is dropped with an alert."""
    policy = inspected.one("aws_networkfirewall_firewall_policy")["firewall_policy"]
    assert policy["stateless_default_actions"] == ["aws:forward_to_sfe"]
    assert policy["stateful_default_actions"] == ["aws:drop_established", "aws:alert_established"]
    assert policy["stateful_engine_options"]["rule_order"] == "STRICT_ORDER"
    found = sorted(inspected.all("aws_networkfirewall_rule_group").values(), key=lambda group: str(group["name"]))
    groups = [group["rule_group"] for group in found]
    order = [reference["resource_arn"] for reference in policy["stateful_rule_group_reference"]]
    assert ["only-tcp" in order[0], "allowed-domains" in order[1]] == [True, True]
    for group in groups:
        assert group["stateful_rule_options"] == {"rule_order": "STRICT_ORDER"}
        assert group["rule_variables"]["ip_sets"] == [{"ip_set": {"definition": [SUPERNET]}, "key": "HOME_NET"}]
    allowed, refused = (group["rules_source"] for group in groups)
    rules = refused["stateful_rule"]
    assert [(rule["action"], rule["header"]["protocol"]) for rule in rules] == [("DROP", "UDP"), ("DROP", "ICMP")]
    assert {rule["header"]["source"] for rule in rules} == {SUPERNET}
    assert allowed["rules_source_list"]["generated_rules_type"] == "ALLOWLIST"
    assert allowed["rules_source_list"]["targets"] == [".amazonaws.com", ".pypi.org", "files.pythonhosted.org"]


def test_the_firewall_is_encrypted_logged_and_stays(inspected: Rendered) -> None:
    """One key of the account for rules, policy, firewall and alerts; no deletion; alerts are logged."""
    key = inspected.one("aws_cloudwatch_log_group")["kms_key_id"]
    for kind in ("firewall", "firewall_policy", "rule_group"):
        for body in inspected.all(f"aws_networkfirewall_{kind}").values():
            assert body["encryption_configuration"] == {"key_id": key, "type": "CUSTOMER_KMS"}
    assert inspected.one("aws_networkfirewall_firewall")["delete_protection"] is True
    configuration = inspected.one("aws_networkfirewall_logging_configuration")["logging_configuration"]
    assert [each["log_type"] for each in configuration["log_destination_config"]] == ["ALERT"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"profile": "egress"}, "while egress is none"),
        ({"supernet": "8.0.0.0/8"}, "private address space"),
        ({"supernet": "10.0.0.1/8"}, "IPv4 network in CIDR form"),
        ({"allowed_domains": ("https://pypi.org",)}, "must be a domain"),
    ],
)
def test_settings_that_lead_nowhere_are_refused(settings: dict[str, Any], message: str) -> None:
    """A profile without a way out, a supernet that is none, and a domain that no rule would match."""
    with pytest.raises(ValueError, match=message):
        NetworkSettings(**settings)


def test_a_network_has_the_routes_of_its_environment_alone() -> None:
    """It is associated with its environment's table, and propagates to the tables of those who reach it."""
    hub = HubContract("tgw-1", {segment: f"rtb-{segment}" for segment in (*ENVIRONMENTS, "egress")})
    attached = {
        "central_endpoints": Attached("org", AttachmentContract("attach-endpoints", "vpc-endpoints")),
        "fraud-dev": Attached("dev", AttachmentContract("attach-dev", "vpc-dev")),
        "fraud-prod": Attached("prod", AttachmentContract("attach-prod", "vpc-prod")),
    }
    routes = render(lambda scope: Routes(scope, "routes", hub=hub, attached=attached, profiles=PROFILES))

    def pairs(kind: str) -> list[tuple[str, str]]:
        bodies = routes.all(f"aws_ec2_transit_gateway_route_table_{kind}").values()
        return sorted(
            (body["transit_gateway_attachment_id"], body["transit_gateway_route_table_id"]) for body in bodies
        )

    assert pairs("association") == [
        ("attach-dev", "rtb-dev"),
        ("attach-endpoints", "rtb-org"),
        ("attach-prod", "rtb-prod"),
    ]
    assert pairs("propagation") == [
        ("attach-dev", "rtb-egress"),
        ("attach-dev", "rtb-org"),
        *(("attach-endpoints", f"rtb-{segment}") for segment in ("dev", "org", "prod", "test")),
        ("attach-prod", "rtb-org"),
    ]
