"""Network Firewall: what belongs together must exist, and what protects itself stays."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import Client

ACCOUNT = "666666666667"


def _group(firewall: Any, name: str, order: str = "STRICT_ORDER") -> str:
    domains = {"Targets": ["pypi.org"], "TargetTypes": ["TLS_SNI"], "GeneratedRulesType": "ALLOWLIST"}
    rules = {"RulesSource": {"RulesSourceList": domains}, "StatefulRuleOptions": {"RuleOrder": order}}
    made = firewall.create_rule_group(RuleGroupName=name, Type="STATEFUL", Capacity=10, RuleGroup=rules)
    return str(made["RuleGroupResponse"]["RuleGroupArn"])


def _policy(*groups: str) -> dict[str, Any]:
    return {
        "StatelessDefaultActions": ["aws:forward_to_sfe"],
        "StatelessFragmentDefaultActions": ["aws:forward_to_sfe"],
        "StatefulDefaultActions": ["aws:drop_established"],
        "StatefulEngineOptions": {"RuleOrder": "STRICT_ORDER"},
        "StatefulRuleGroupReferences": [{"ResourceArn": arn, "Priority": at} for at, arn in enumerate(groups, 1)],
    }


def test_a_firewall_lives_from_rules_to_deletion(client: Client) -> None:
    """Rules, policy and firewall give back what they were given, routes lead to the endpoint, and protection holds."""
    firewall, ec2 = client("network-firewall", ACCOUNT), client("ec2", ACCOUNT)
    group = _group(firewall, "allowed")
    policy = firewall.create_firewall_policy(FirewallPolicyName="egress", FirewallPolicy=_policy(group))
    policy_arn = policy["FirewallPolicyResponse"]["FirewallPolicyArn"]
    assert firewall.describe_firewall_policy(FirewallPolicyName="egress")["FirewallPolicy"] == _policy(group)
    with pytest.raises(ClientError, match="is used by"):
        firewall.delete_rule_group(RuleGroupArn=group)

    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/28")["Subnet"]
    mapping = [{"SubnetId": subnet["SubnetId"]}]
    wanted = {"FirewallName": "egress", "FirewallPolicyArn": policy_arn, "VpcId": vpc, "SubnetMappings": mapping}
    arn = firewall.create_firewall(**wanted, DeleteProtection=True)["Firewall"]["FirewallArn"]
    status = firewall.describe_firewall(FirewallArn=arn)["FirewallStatus"]
    endpoint = status["SyncStates"][subnet["AvailabilityZone"]]["Attachment"]
    assert (status["Status"], endpoint["SubnetId"]) == ("READY", subnet["SubnetId"])
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", VpcEndpointId=endpoint["EndpointId"])

    flow = {"LogType": "FLOW", "LogDestinationType": "S3", "LogDestination": {"bucketName": "acme-org-logs"}}
    alert = {**flow, "LogType": "ALERT"}
    both = {"LogDestinationConfigs": [flow, alert]}
    with pytest.raises(ClientError, match="one log destination at a time"):
        firewall.update_logging_configuration(FirewallArn=arn, LoggingConfiguration=both)
    for configuration in ({"LogDestinationConfigs": [flow]}, both):
        firewall.update_logging_configuration(FirewallArn=arn, LoggingConfiguration=configuration)
    assert firewall.describe_logging_configuration(FirewallArn=arn)["LoggingConfiguration"] == both

    with pytest.raises(ClientError, match="protected against deletion"):
        firewall.delete_firewall(FirewallArn=arn)
    firewall.update_firewall_delete_protection(FirewallArn=arn, DeleteProtection=False)
    for configuration in ({"LogDestinationConfigs": [flow]}, {"LogDestinationConfigs": []}):
        firewall.update_logging_configuration(FirewallArn=arn, LoggingConfiguration=configuration)
    assert firewall.delete_firewall(FirewallArn=arn)["FirewallStatus"]["Status"] == "DELETING"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        firewall.describe_firewall(FirewallArn=arn)


def test_what_cannot_work_together_is_refused(client: Client) -> None:
    """A policy needs groups that exist and are written for its order; a firewall needs a policy, and subnets."""
    firewall, ec2 = client("network-firewall", ACCOUNT), client("ec2", ACCOUNT)
    other = _group(firewall, "another-order", "DEFAULT_ACTION_ORDER")
    with pytest.raises(ClientError, match="another rule order"):
        firewall.create_firewall_policy(FirewallPolicyName="wrong", FirewallPolicy=_policy(other))
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        firewall.create_firewall_policy(FirewallPolicyName="wrong", FirewallPolicy=_policy(f"{other}-gone"))
    vpcs = [ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"] for _ in range(2)]
    subnet = ec2.create_subnet(VpcId=vpcs[0], CidrBlock="10.1.0.0/28")["Subnet"]["SubnetId"]
    policy = firewall.create_firewall_policy(FirewallPolicyName="right", FirewallPolicy=_policy())
    wanted = {"FirewallName": "f", "SubnetMappings": [{"SubnetId": subnet}], "VpcId": vpcs[1]}
    policy_arn = policy["FirewallPolicyResponse"]["FirewallPolicyArn"]
    with pytest.raises(ClientError, match="each subnet must be one of"):
        firewall.create_firewall(**wanted, FirewallPolicyArn=policy_arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        firewall.create_firewall(**wanted, FirewallPolicyArn=f"{policy_arn}-gone")


def test_who_has_read_an_older_version_cannot_update(client: Client) -> None:
    """The token of an update is that of the version read; it changes with each."""
    firewall = client("network-firewall", ACCOUNT)
    arn = _group(firewall, "versions")
    read = firewall.describe_rule_group(RuleGroupArn=arn)
    change = {"RuleGroupArn": arn, "RuleGroup": read["RuleGroup"], "UpdateToken": read["UpdateToken"]}
    firewall.update_rule_group(**change, Description="first")
    with pytest.raises(ClientError, match="InvalidTokenException"):
        firewall.update_rule_group(**change, Description="second")
    assert firewall.describe_rule_group(RuleGroupArn=arn)["RuleGroupResponse"]["Description"] == "first"
