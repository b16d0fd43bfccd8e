"""Route 53 Profiles, query logs and endpoints: a share decides who uses them, and AWS's rules hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

OWNER, USER = "121212121212", "131313131313"


@dataclass(frozen=True)
class Names:
    """A Profile and a query log in one account, and a VPC in another."""

    client: Client
    profile: dict[str, Any]
    query_log: dict[str, Any]
    vpc: str

    def share(self) -> None:
        self.client("ram", OWNER).create_resource_share(
            name="dns", principals=[USER], resourceArns=[self.profile["Arn"], self.query_log["Arn"]]
        )

    def associate(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.client("route53profiles", USER).associate_profile(
            Name="dns", ProfileId=self.profile["Id"], ResourceId=self.vpc, Tags=[{"Key": "a", "Value": "b"}]
        )["ProfileAssociation"]
        return answer

    def log(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.client("route53resolver", USER).associate_resolver_query_log_config(
            ResolverQueryLogConfigId=self.query_log["Id"], ResourceId=self.vpc
        )["ResolverQueryLogConfigAssociation"]
        return answer


@pytest.fixture(name="names")
def _names(client: Client) -> Iterator[Names]:
    profile = client("route53profiles", OWNER).create_profile(Name="dns", ClientToken="t")["Profile"]
    query_log = client("route53resolver", OWNER).create_resolver_query_log_config(
        Name="dns",
        DestinationArn="arn:aws:s3:::logs",
        CreatorRequestId=profile["Id"],
        Tags=[{"Key": "a", "Value": "b"}],
    )["ResolverQueryLogConfig"]
    vpc = client("ec2", USER).create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    yield Names(client, profile, query_log, vpc)
    ram = client("ram", OWNER)
    for share in ram.get_resource_shares(resourceOwner="SELF", resourceShareStatus="ACTIVE")["resourceShares"]:
        ram.delete_resource_share(resourceShareArn=share["resourceShareArn"])


def test_what_is_not_shared_is_not_used(names: Names) -> None:
    """Without a share neither Profile nor query log can be associated by another account."""
    with pytest.raises(ClientError, match="AccessDenied"):
        names.associate()
    with pytest.raises(ClientError, match="does not exist"):
        names.log()


def test_what_is_shared_is_used_and_kept(names: Names) -> None:
    """By a share the other account associates both, reads its associations, and ends them."""
    names.share()
    profiles, resolver = names.client("route53profiles", USER), names.client("route53resolver", USER)
    association, log = names.associate(), names.log()
    kept = profiles.get_profile_association(ProfileAssociationId=association["Id"])["ProfileAssociation"]
    assert (kept["ResourceId"], kept["OwnerId"]) == (names.vpc, USER)
    arn = f"arn:aws:route53profiles:{REGION}:{USER}:profile-association/{association['Id']}"
    assert profiles.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"a": "b"}
    with pytest.raises(ClientError, match="in use"):
        names.client("route53profiles", OWNER).delete_profile(ProfileId=names.profile["Id"])
    profiles.disassociate_profile(ProfileId=names.profile["Id"], ResourceId=names.vpc)

    with pytest.raises(ClientError, match="associated with 1 VPCs"):
        names.client("route53resolver", OWNER).delete_resolver_query_log_config(
            ResolverQueryLogConfigId=names.query_log["Id"]
        )
    resolver.disassociate_resolver_query_log_config(
        ResolverQueryLogConfigId=names.query_log["Id"], ResourceId=names.vpc
    )
    with pytest.raises(ClientError, match="does not exist"):
        resolver.get_resolver_query_log_config_association(ResolverQueryLogConfigAssociationId=log["Id"])


def test_a_vpc_has_one_profile(names: Names) -> None:
    """A second Profile for a VPC is refused."""
    names.share()
    names.associate()
    with pytest.raises(ClientError, match="ConflictException"):
        names.associate()


def test_a_query_log_keeps_its_tags(names: Names) -> None:
    """The tags that a query log was made with are given back."""
    tags = names.client("route53resolver", OWNER).list_tags_for_resource(ResourceArn=names.query_log["Arn"])["Tags"]
    assert tags == [{"Key": "a", "Value": "b"}]


def test_the_organisation_is_a_principal(names: Names) -> None:
    """A share with the organisation reaches its accounts and no others."""
    organizations = names.client("organizations")
    if not any(organization_of(organizations)):
        organizations.create_organization(FeatureSet="ALL")
    (arn,) = organization_of(organizations)
    profile = names.client("route53profiles").create_profile(Name="own", ClientToken="t")["Profile"]
    names.client("ram").create_resource_share(name="dns", principals=[arn], resourceArns=[profile["Arn"]])
    status = organizations.create_account(AccountName="member", Email="member@acme.example")["CreateAccountStatus"]
    member = names.client("route53profiles", status["AccountId"])
    assert member.get_profile(ProfileId=profile["Id"])["Profile"]["ShareStatus"] == "SHARED_WITH_ME"
    with pytest.raises(ClientError, match="AccessDenied"):
        names.client("route53profiles", USER).get_profile(ProfileId=profile["Id"])


def organization_of(organizations: Any) -> list[str]:
    """The ARN of the organisation, if there is one."""
    try:
        return [organizations.describe_organization()["Organization"]["Arn"]]
    except organizations.exceptions.AWSOrganizationsNotInUseException:
        return []


def test_an_endpoint_needs_names_of_its_own(client: Client) -> None:
    """Private DNS is refused in a VPC without DNS hostnames, and for a service that the VPC has already."""
    ec2 = client("ec2", OWNER)
    vpc = ec2.create_vpc(CidrBlock="10.31.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.31.0.0/24")["Subnet"]["SubnetId"]
    wanted = {
        "VpcId": vpc,
        "ServiceName": f"com.amazonaws.{REGION}.kms",
        "VpcEndpointType": "Interface",
        "SubnetIds": [subnet],
        "PrivateDnsEnabled": True,
    }
    with pytest.raises(ClientError, match="DNS hostnames"):
        ec2.create_vpc_endpoint(**wanted)
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    made = ec2.create_vpc_endpoint(**wanted)["VpcEndpoint"]
    with pytest.raises(ClientError, match="has the private DNS names"):
        ec2.create_vpc_endpoint(**wanted)

    profiles = client("route53profiles", OWNER)
    profile = profiles.create_profile(Name="endpoints", ClientToken="t")["Profile"]
    arn = f"arn:aws:ec2:{REGION}:{OWNER}:vpc-endpoint/{made['VpcEndpointId']}"
    given = profiles.associate_resource_to_profile(Name="kms", ProfileId=profile["Id"], ResourceArn=arn)
    assert given["ProfileResourceAssociation"]["ResourceType"] == "VPC_ENDPOINT"
    with pytest.raises(ClientError, match="there is no endpoint"):
        profiles.associate_resource_to_profile(Name="no", ProfileId=profile["Id"], ResourceArn=f"{arn}0")


def test_rules_for_groups_keep_their_description(client: Client) -> None:
    """A rule of a security group for itself is described as it was told."""
    ec2 = client("ec2", OWNER)
    vpc = ec2.create_vpc(CidrBlock="10.32.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    pair = {"GroupId": group, "Description": "among themselves"}
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [pair]}]
    )
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert [rule.get("Description") for rule in rules if not rule["IsEgress"]] == ["among themselves"]


def test_a_resolver_endpoint_keeps_its_protocols(client: Client) -> None:
    """Protocols are given back as they were told, and the type of addresses as AWS has it by default."""
    ec2, resolver = client("ec2", OWNER), client("route53resolver", OWNER)
    vpc = ec2.create_vpc(CidrBlock="10.33.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.33.{each}.0/24")["Subnet"]["SubnetId"] for each in (0, 1)]
    made = resolver.create_resolver_endpoint(
        CreatorRequestId="e",
        Name="e",
        Direction="INBOUND",
        Protocols=["DoH", "Do53"],
        SecurityGroupIds=[ec2.create_security_group(GroupName="e", Description="d", VpcId=vpc)["GroupId"]],
        IpAddresses=[{"SubnetId": subnet} for subnet in subnets],
    )["ResolverEndpoint"]["Id"]
    kept = resolver.get_resolver_endpoint(ResolverEndpointId=made)["ResolverEndpoint"]
    assert (kept["Protocols"], kept["ResolverEndpointType"]) == (["DoH", "Do53"], "IPV4")


def test_a_blocked_domain_is_kept_while_a_rule_uses_it(client: Client) -> None:
    """A domain list keeps its domains, a rule its answer; neither list nor group goes while the rule is there."""
    resolver = client("route53resolver", OWNER)
    domains = resolver.create_firewall_domain_list(CreatorRequestId="d", Name="d")["FirewallDomainList"]["Id"]
    resolver.update_firewall_domains(FirewallDomainListId=domains, Operation="ADD", Domains=["tunnel.example"])
    assert resolver.list_firewall_domains(FirewallDomainListId=domains)["Domains"] == ["tunnel.example."]
    group = resolver.create_firewall_rule_group(CreatorRequestId="g", Name="g")["FirewallRuleGroup"]
    rule = {"FirewallRuleGroupId": group["Id"], "FirewallDomainListId": domains}
    wanted = {**rule, "CreatorRequestId": "r", "Name": "r", "Priority": 100, "Action": "BLOCK"}
    with pytest.raises(ClientError, match="BlockResponse"):
        resolver.create_firewall_rule(**wanted)
    resolver.create_firewall_rule(**wanted, BlockResponse="NODATA")
    (kept,) = resolver.list_firewall_rules(FirewallRuleGroupId=group["Id"])["FirewallRules"]
    assert (kept["BlockResponse"], kept["FirewallDomainListId"]) == ("NODATA", domains)
    with pytest.raises(ClientError, match="used by a rule"):
        resolver.delete_firewall_rule_group(FirewallRuleGroupId=group["Id"])
    resolver.delete_firewall_rule(**rule)
    resolver.delete_firewall_rule_group(FirewallRuleGroupId=group["Id"])
    with pytest.raises(ClientError, match="there is no"):
        resolver.get_firewall_rule_group(FirewallRuleGroupId=group["Id"])
