"""Spokes, endpoints and names keep what their docstrings guarantee."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from modules.foundations.network.addresses import spoke_subnets
from modules.foundations.network.central_endpoints import CentralEndpoints
from modules.foundations.network.contract import DnsContract, HubContract, NetworkParameters
from modules.foundations.network.endpoint_policies import Perimeter
from modules.foundations.network.endpoint_services import services
from modules.foundations.network.endpoint_settings import DnsSettings, EndpointSettings, OnPremisesSettings
from modules.foundations.network.settings import NetworkSettings
from modules.foundations.network.spoke import Spoke
from modules.foundations.settings import FoundationsSettings
from modules.observability.contract import LogArchiveContract
from tests.support.rendering import NAMING, Rendered, render, statements

ORGANIZATION = "o-abcdefghij"
CIDR = "10.20.0.0/16"
SHARED = replace(NAMING, environment="org", account="shared-services", account_id="333333333333")
HUB = HubContract(transit_gateway_id="tgw-1", route_table_ids={"dev": "tgw-rtb-1"})
DNS = DnsContract(profile_id="rp-1", query_log_config_id="rslvr-qlc-1")
LOGS = LogArchiveContract(bucket_name="acme-org-logs", bucket_arn="arn:aws:s3:::acme-org-logs", key_arn="arn:key")
PERIMETER = Perimeter.of(NAMING, ORGANIZATION, ("763104351884",))
ALL_SERVICES = len(services(EndpointSettings().groups, "aws"))


def _settings(dns: DnsSettings | None = None, **network: Any) -> FoundationsSettings:
    return FoundationsSettings(network=NetworkSettings(**network), dns=dns or DnsSettings())


def _spoke(settings: FoundationsSettings) -> Rendered:
    return render(
        lambda scope: Spoke(
            scope,
            "spoke",
            naming=NAMING,
            cidr=CIDR,
            settings=settings,
            perimeter=PERIMETER,
            hub=HUB,
            dns=DNS,
            logs=LOGS,
        )
    )


def _central(settings: FoundationsSettings, *, central: bool = True) -> Rendered:
    return render(
        lambda scope: CentralEndpoints(
            scope,
            "central",
            naming=SHARED,
            cidr="10.1.0.0/16",
            settings=settings,
            central=central,
            perimeter=PERIMETER,
            organization_arn=f"arn:aws:organizations::111111111111:organization/{ORGANIZATION}",
            hub=HUB,
            logs=LOGS,
        )
    )


@pytest.fixture(name="isolated", scope="module")
def _isolated() -> Rendered:
    return _spoke(_settings())


@pytest.fixture(name="egress", scope="module")
def _egress() -> Rendered:
    return _spoke(_settings(profile="egress", egress="nat", endpoints="local", zones=3))


@pytest.fixture(name="central", scope="module")
def _central_endpoints() -> Rendered:
    return _central(_settings())


def _values(rendered: Rendered, kind: str, key: str) -> set[Any]:
    return {resource[key] for resource in rendered.all(kind).values() if key in resource}


def _interface(rendered: Rendered) -> list[dict[str, Any]]:
    return [each for each in rendered.all("aws_vpc_endpoint").values() if each["vpc_endpoint_type"] == "Interface"]


def test_subnets_lie_in_the_network_and_apart() -> None:
    """Private subnets and those of the attachment never overlap, whatever the size of the network."""
    for cidr in ("10.20.0.0/16", "10.20.0.0/20", "10.20.0.0/24"):
        plan = spoke_subnets(cidr, 3)
        networks = sorted(map(IPv4Network, (*plan.private, *plan.attachment)))
        assert all(network.subnet_of(IPv4Network(cidr)) for network in networks)
        assert not any(one.overlaps(other) for one, other in pairwise(networks))
        assert {IPv4Network(block).prefixlen for block in plan.attachment} == {28}


def test_a_third_zone_moves_no_subnet() -> None:
    """The subnets of two zones are the first of those of three."""
    two, three = spoke_subnets(CIDR, 2), spoke_subnets(CIDR, 3)
    assert three.private[:2] == two.private
    assert three.attachment[:2] == two.attachment


def test_a_network_too_small_for_its_subnets_is_refused() -> None:
    """A /25 has no room for three private subnets and three of the attachment."""
    with pytest.raises(ValueError, match="smaller than /24"):
        spoke_subnets("10.20.0.0/25", 2)


def test_a_spoke_has_no_way_out_of_its_own(isolated: Rendered, egress: Rendered) -> None:
    """No internet gateway, NAT gateway, public address or peering stands in a spoke of either profile."""
    for spoke in (isolated, egress):
        kinds = set(spoke.document["resource"])
        assert not kinds & {"aws_internet_gateway", "aws_nat_gateway", "aws_eip", "aws_vpc_peering_connection"}
        assert _values(spoke, "aws_subnet", "map_public_ip_on_launch") == {False}


def test_an_isolated_spoke_reaches_the_organisation_alone(isolated: Rendered) -> None:
    """Its routes end at the supernet, and its workloads may speak to nothing beyond it."""
    assert _values(isolated, "aws_route", "destination_cidr_block") == {"10.0.0.0/8"}
    assert _values(isolated, "aws_vpc_security_group_egress_rule", "cidr_ipv4") == {"10.0.0.0/8"}


def test_an_egress_spoke_reaches_the_internet_through_the_hub(egress: Rendered) -> None:
    """Its default route, in each zone, leads to the Transit Gateway once the network is attached to it."""
    routes = egress.all("aws_route").values()
    assert len(routes) == 3
    for route in routes:
        assert route["destination_cidr_block"] == "0.0.0.0/0"
        assert "transit_gateway_id" in route["transit_gateway_id"]
        assert any("aws_ec2_transit_gateway_vpc_attachment" in each for each in route["depends_on"])


def test_the_default_security_group_is_closed(isolated: Rendered) -> None:
    """The default security group is adopted without a rule, so that it lets nothing through."""
    assert not {"ingress", "egress"} & set(isolated.one("aws_default_security_group"))


def test_workloads_take_nothing_from_outside(isolated: Rendered) -> None:
    """The one rule inwards is of the group to itself; outwards all but that is HTTPS."""
    inwards = isolated.one("aws_vpc_security_group_ingress_rule")
    assert inwards["referenced_security_group_id"] == inwards["security_group_id"]
    for rule in isolated.all("aws_vpc_security_group_egress_rule").values():
        assert rule.get("referenced_security_group_id") or (rule["from_port"], rule["to_port"]) == (443, 443)


def test_all_traffic_is_logged_in_the_archive(isolated: Rendered, central: Rendered) -> None:
    """Each network has a flow log to the log archive, with the fields that tell addresses before translation."""
    for network in (isolated, central):
        log = network.one("aws_flow_log")
        assert (log["traffic_type"], log["log_destination"]) == ("ALL", LOGS.bucket_arn)
        assert "$${pkt-srcaddr}" in log["log_format"]


def test_flow_logs_are_of_version_5_in_parquet_by_the_hour(isolated: Rendered) -> None:
    """Each field that AWS has known since versions 2 to 5 is there once, in files that Athena prunes by hour."""
    log = isolated.one("aws_flow_log")
    fields = log["log_format"].replace("$${", "").replace("}", "").split()
    assert len(set(fields)) == len(fields) == 29  # 14 of version 2, then 7, 4 and 4
    assert set(fields) >= {"vpc-id", "az-id", "sublocation-type", "pkt-dst-aws-service", "traffic-path"}
    assert log["max_aggregation_interval"] == 60
    assert log["destination_options"] == {
        "file_format": "parquet",
        "hive_compatible_partitions": True,
        "per_hour_partition": True,
    }


def test_names_are_answered_and_logged_as_everywhere(isolated: Rendered, central: Rendered) -> None:
    """Each network has the organisation's Route 53 Profile and query log, and validates signed zones."""
    for network in (isolated, central):
        vpc = network.one("aws_route53profiles_association")["resource_id"]
        assert network.one("aws_route53_resolver_query_log_config_association")["resource_id"] == vpc
        assert network.one("aws_route53_resolver_dnssec_config")["resource_id"] == vpc


def test_interface_endpoints_stand_in_one_place(isolated: Rendered, egress: Rendered, central: Rendered) -> None:
    """Central endpoints stand in the shared services alone, local ones in the spoke alone: none is paid for twice."""
    assert len(_interface(isolated)) == 0
    assert len(_interface(central)) == ALL_SERVICES
    assert len(_interface(egress)) == ALL_SERVICES
    without = _central(_settings(), central=False)
    assert len(_interface(without)) == 0
    assert not without.all("aws_route53profiles_resource_association")


def test_every_central_endpoint_has_its_names_in_the_profile(central: Rendered) -> None:
    """Each endpoint has private DNS and is given to the Profile, which brings its names to every network."""
    assert all(endpoint["private_dns_enabled"] for endpoint in _interface(central))
    given = _values(central, "aws_route53profiles_resource_association", "resource_arn")
    addresses = {name for name, each in central.all("aws_vpc_endpoint").items() if each in _interface(central)}
    assert given == {f"${{aws_vpc_endpoint.{name}.arn}}" for name in addresses}


def test_profile_and_query_log_are_shared_inside_the_organisation_alone(central: Rendered) -> None:
    """One share, closed to external accounts, with the organisation as its only principal."""
    assert central.one("aws_ram_resource_share")["allow_external_principals"] is False
    assert central.one("aws_ram_principal_association")["principal"].endswith(f"organization/{ORGANIZATION}")
    assert len(central.all("aws_ram_resource_association")) == 2


def test_no_endpoint_has_an_open_policy(isolated: Rendered, egress: Rendered, central: Rendered) -> None:
    """Every statement of every endpoint policy is bounded: by the organisation, AWS's services, or named resources."""
    endpoints = [each for one in (isolated, egress, central) for each in one.all("aws_vpc_endpoint").values()]
    assert len(endpoints) == 2 * ALL_SERVICES + 4  # and two gateways in each of the two spokes
    for endpoint in endpoints:
        for sid, statement in statements(endpoint["policy"]).items():
            assert statement.get("Condition") or statement["Resource"] != "*", (endpoint["service_name"], sid)
        own = statements(endpoint["policy"])["OwnIdentitiesToOwnResources"]["Condition"]["StringEquals"]
        assert own == {"aws:PrincipalOrgID": ORGANIZATION, "aws:ResourceOrgID": ORGANIZATION}


def test_resources_of_aws_are_reached_to_read_alone() -> None:
    """What endpoint policies admit beyond the organisation's own is read, run or signed in to, never written."""
    reading = ("Get", "Describe", "List", "BatchGet", "BatchCheck", "Invoke", "AssumeRoleWith")
    for service in ("s3", "ecr.api", "ssm", "sts", "bedrock-runtime", "sagemaker.api"):
        found = statements(PERIMETER.policy(service))
        (extra,) = set(found) - {"OwnIdentitiesToOwnResources", "AwsServices"}
        actions = found[extra]["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            assert action.split(":")[1].startswith(reading), action


def test_service_names_are_those_of_privatelink() -> None:
    """Studio and notebooks stand under a prefix of their own, all others under com.amazonaws."""
    names = {each.service_name("eu-west-1") for each in services(EndpointSettings().groups, "aws")}
    assert {"aws.sagemaker.eu-west-1.studio", "com.amazonaws.eu-west-1.sagemaker.featurestore-runtime"} <= names
    assert len(names) == ALL_SERVICES


def test_what_a_partition_lacks_is_left_out() -> None:
    """AWS GovCloud (US) has no endpoint for connections to repositories, and policies name its partition."""
    names = {each.name for each in services(EndpointSettings().groups, "aws-us-gov")}
    assert "codeconnections.api" not in names
    assert "sagemaker.api" in names
    assert "arn:aws:" not in replace(PERIMETER, partition="aws-us-gov", region="us-gov-west-1").policy("s3")


def test_the_parameters_are_those_that_the_readme_names(isolated: Rendered, egress: Rendered) -> None:
    """Spokes of every profile write the same parameters, and the README tells readers exactly these."""
    names = NetworkParameters.of("<organisation>")
    readme = Path("modules/foundations/network/README.md").read_text(encoding="utf-8")
    for name in (names.vpc_id, names.private_subnet_ids, names.workload_security_group_id):
        assert f"`{name}`" in readme
    expected = {
        "/acme/network/vpc-id": "String",
        "/acme/network/private-subnet-ids": "StringList",
        "/acme/network/workload-security-group-id": "String",
    }
    for spoke in (isolated, egress):
        assert {each["name"]: each["type"] for each in spoke.all("aws_ssm_parameter").values()} == expected


def test_names_outside_aws_are_forwarded_for_all() -> None:
    """A forwarded domain becomes a rule in the Profile, and its servers are reached by DNS through the hub."""
    outside = OnPremisesSettings(
        networks=("192.168.0.0/16",), forward={"corp.acme.example": ("192.168.0.53",)}, inbound=True
    )
    rendered = _central(_settings(DnsSettings(on_premises=outside, blocked_domains=("*.tunnel.example",))))
    assert _values(rendered, "aws_route53_resolver_endpoint", "direction") == {"INBOUND", "OUTBOUND"}
    assert rendered.one("aws_route53_resolver_rule")["domain_name"] == "corp.acme.example"
    assert len(rendered.all("aws_route53profiles_resource_association")) == ALL_SERVICES + 2
    assert _values(rendered, "aws_route", "destination_cidr_block") == {"10.0.0.0/8", "192.168.0.0/16"}
    dns = [each for each in rendered.all("aws_vpc_security_group_egress_rule").values() if each["from_port"] == 53]
    assert {(each["ip_protocol"], each["cidr_ipv4"]) for each in dns} == {
        ("tcp", "192.168.0.0/16"),
        ("udp", "192.168.0.0/16"),
    }
    assert rendered.one("aws_route53_resolver_firewall_rule")["block_response"] == "NODATA"
    assert rendered.one("aws_route53_resolver_firewall_domain_list")["domains"] == ["*.tunnel.example."]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"inbound": True}, "inbound needs networks"),
        ({"forward": {"corp.example": ("192.168.0.53",)}}, r"networks must hold 192\.168\.0\.53"),
    ],
)
def test_names_outside_aws_need_their_networks(values: dict[str, Any], words: str) -> None:
    """Queries from nowhere, or to a server outside the stated networks, are refused where they are set."""
    with pytest.raises(ValidationError, match=words):
        OnPremisesSettings(**values)


def test_endpoints_without_the_core_are_refused() -> None:
    """A choice of groups that leaves out core is refused: without STS, KMS and logs no workload runs."""
    with pytest.raises(ValidationError, match="must hold core"):
        EndpointSettings(groups=("ml",))
