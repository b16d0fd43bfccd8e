"""Cases of the network controls."""

from __future__ import annotations

from typing import Any

from tests.policies.cases import LATER, UNKNOWN, Case, changed
from tests.policies.support import ACCOUNT, policy

# The stack of the egress network, and that of any other network.
HUB: dict[str, Any] = {"alone": "hub", "tags": {"Stack": "hub"}}
SPOKE: dict[str, Any] = {"alone": "spoke", "tags": {"Stack": "network"}}
VPC = {"cidr_block": "10.0.0.0/16"}
TABLE = {"route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"}
FORMAT = " ".join(
    f"$${{{name}}}"
    for name in (
        "version",
        *("account-id", "vpc-id", "subnet-id", "srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr", "dstport"),
        *("action", "flow-direction"),
    )
)
FLOW = {
    "vpc_id": "vpc-1",
    "traffic_type": "ALL",
    "log_destination_type": "s3",
    "log_destination": "arn:aws:s3:::acme-org-logs",
    "log_format": FORMAT,
    "max_aggregation_interval": 60,
}
OURS = {"StringEquals": {"aws:PrincipalOrgID": "o-acme123456", "aws:ResourceOrgID": "o-acme123456"}}
SERVICES = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"} | {
    "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}
}
ENDPOINT = {"vpc_id": "vpc-1", "service_name": "com.amazonaws.eu-west-1.s3"}
INTERFACE = {
    "vpc_id": "vpc-1",
    "service_name": "com.amazonaws.eu-west-1.sts",
    "vpc_endpoint_type": "Interface",
    "subnet_ids": ["subnet-1"],
    "security_group_ids": ["sg-1"],
}
RULE = {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 8443, "to_port": 8443}
BALANCER = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/net/n/0123456789abcdef"
FIREWALL = {
    "name": "firewall",
    "firewall_policy_arn": f"arn:aws:network-firewall:eu-west-1:{ACCOUNT}:firewall-policy/p",
    "vpc_id": "vpc-1",
    "subnet_mapping": [{"subnet_id": "subnet-1"}],
}


def _endpoint(**statement: object) -> dict[str, object]:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **statement}
    return {**ENDPOINT, "policy": policy(allow, SERVICES)}


def _firewall_policy(**changes: object) -> dict[str, object]:
    inner = {
        "stateful_engine_options": {"rule_order": "STRICT_ORDER"},
        "stateful_default_actions": ["aws:drop_established", "aws:alert_established"],
        "stateless_default_actions": ["aws:forward_to_sfe"],
        "stateless_fragment_default_actions": ["aws:forward_to_sfe"],
    }
    return {"name": "policy", "firewall_policy": changed(inner, **changes)}


def _logging(firewall: str, kind: str) -> dict[str, object]:
    place = {"log_type": kind, "log_destination_type": "CloudWatchLogs", "log_destination": {"logGroup": "/firewall"}}
    return {"firewall_arn": firewall, "logging_configuration": {"log_destination_config": [place]}}


CASES = [
    Case(
        "CKV_MLGOV_380",
        "aws_internet_gateway",
        passes={},
        fails={"gateway": ({"vpc_id": "vpc-1"}, "a way past the egress network of hub")},
        **SPOKE,
    ),
    Case("CKV_MLGOV_380", "aws_internet_gateway", passes={"gateway": {"vpc_id": "vpc-1"}}, fails={}, **HUB),
    Case(
        "CKV_MLGOV_380",
        "aws_vpc_peering_connection",
        passes={},
        fails={"untagged": ({"vpc_id": "vpc-1", "peer_vpc_id": "vpc-2"}, "a way past the egress network of hub")},
    ),
    Case(
        "CKV_MLGOV_380",
        "aws_nat_gateway",
        passes={"private": {"subnet_id": "subnet-1", "connectivity_type": "private"}},
        fails={"public": ({"subnet_id": "subnet-1", "allocation_id": "eipalloc-1"}, "a way past the egress network")},
        **SPOKE,
    ),
    Case(
        "CKV_MLGOV_381",
        "aws_route",
        passes={
            "transit": {**TABLE, "transit_gateway_id": "tgw-1"},
            "endpoint": {**TABLE, "vpc_endpoint_id": "vpce-1"},
        },
        fails={
            "internet": ({**TABLE, "gateway_id": "igw-1"}, "leads to gateway_id igw-1"),
            "peer": ({**TABLE, "vpc_peering_connection_id": "pcx-1"}, "leads to vpc_peering_connection_id"),
        },
        **SPOKE,
    ),
    Case(
        "CKV_MLGOV_381",
        "aws_route_table",
        passes={"inline": {"vpc_id": "vpc-1", "route": [{"cidr_block": "10.0.0.0/8", "transit_gateway_id": "tgw-1"}]}},
        fails={
            "nat": (
                {"vpc_id": "vpc-1", "route": [{"cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"}]},
                "leads to nat_gateway_id nat-1",
            )
        },
        ignores={"empty": {"vpc_id": "vpc-1"}},
        **SPOKE,
    ),
    Case(
        "CKV_MLGOV_381",
        "aws_route",
        passes={},
        fails={},
        ignores={"internet": {**TABLE, "gateway_id": "igw-1"}},
        **HUB,
    ),
    Case(
        "CKV_MLGOV_382",
        "aws_vpc_block_public_access_options",
        passes={
            "both": {"internet_gateway_block_mode": "block-bidirectional"},
            "ingress": {"internet_gateway_block_mode": "block-ingress"},
        },
        fails={"off": ({"internet_gateway_block_mode": "off"}, "not among")},
    ),
    Case(
        "CKV_MLGOV_383",
        "aws_vpc_block_public_access_exclusion",
        passes={"egress": {"vpc_id": "vpc-1", "internet_gateway_exclusion_mode": "allow-egress"}},
        fails={
            "both": ({"vpc_id": "vpc-1", "internet_gateway_exclusion_mode": "allow-bidirectional"}, "not allow-egress")
        },
        **HUB,
    ),
    Case(
        "CKV_MLGOV_383",
        "aws_vpc_block_public_access_exclusion",
        passes={},
        fails={
            "elsewhere": (
                {"vpc_id": "vpc-1", "internet_gateway_exclusion_mode": "allow-egress"},
                "the stack is not the egress network's",
            )
        },
        **SPOKE,
    ),
    Case(
        "CKV_MLGOV_384",
        "aws_flow_log",
        passes={
            "vpc": FLOW,
            "transit": {
                "transit_gateway_id": "tgw-1",
                "log_destination_type": "s3",
                "log_destination": "arn:aws:s3:::acme-org-logs",
                "max_aggregation_interval": 60,
            },
        },
        fails={
            "rejected": (changed(FLOW, traffic_type="REJECT"), "traffic_type is REJECT"),
            "default": (changed(FLOW, log_format=None), "log_format lacks account-id, vpc-id"),
            "seldom": (changed(FLOW, max_aggregation_interval=None), "max_aggregation_interval"),
        },
    ),
    Case(
        "CKV_MLGOV_385",
        "aws_vpc_endpoint",
        passes={
            "bound": _endpoint(Condition=OURS),
            "named": _endpoint(Action="s3:GetObject", Resource="arn:aws:s3:::amazon-ssm-eu-west-1/*"),
            "images": _endpoint(Action="ecr:BatchGetImage", Resource="arn:aws:ecr:*:763104351884:repository/*"),
            "trust": _endpoint(
                Action="sts:AssumeRoleWithSAML", Condition={"StringEquals": {"aws:ResourceOrgID": "o-acme123456"}}
            ),
        },
        fails={
            "absent": (ENDPOINT, "AWS allows everyone everything"),
            "open": (_endpoint(), "reaches resources of any organisation"),
            "resources": (
                _endpoint(Condition={"StringEquals": {"aws:ResourceOrgID": "o-acme123456"}}),
                "to identities of any organisation",
            ),
            "identities": (
                _endpoint(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-acme123456"}}),
                "reaches resources of any organisation",
            ),
            "any_bucket": (
                _endpoint(Action="s3:GetObject", Resource="arn:aws:s3:::*/*"),
                "reaches resources of any organisation",
            ),
            "any_account": (
                _endpoint(Action="ecr:BatchGetImage", Resource="arn:aws:ecr:*:*:repository/acme"),
                "reaches resources of any organisation",
            ),
            "if_exists": (
                _endpoint(Condition={"StringEqualsIfExists": OURS["StringEquals"]}),
                "reaches resources of any organisation",
            ),
            "unknown": ({**ENDPOINT, "policy": UNKNOWN}, "not provable at synthesis"),
        },
        beside=LATER,
    ),
    Case(
        "CKV_MLGOV_386",
        "aws_vpc_endpoint",
        passes={"own": INTERFACE},
        fails={
            "default_group": (changed(INTERFACE, security_group_ids=None), "security_group_ids is not set"),
            "nowhere": (changed(INTERFACE, subnet_ids=None), "subnet_ids is not set"),
        },
        ignores={"gateway": ENDPOINT},
    ),
    Case(
        "CKV_MLGOV_387",
        "aws_vpc_endpoint_service",
        passes={"by_hand": {"acceptance_required": True, "network_load_balancer_arns": [BALANCER]}},
        fails={
            "at_once": (
                {"acceptance_required": False, "network_load_balancer_arns": [BALANCER]},
                "acceptance_required is false",
            ),
            "everyone": (
                {"acceptance_required": True, "network_load_balancer_arns": [BALANCER], "allowed_principals": ["*"]},
                "allowed_principals is everyone",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_387",
        "aws_vpc_endpoint_service_allowed_principal",
        passes={"one": {"vpc_endpoint_service_id": "vpce-svc-1", "principal_arn": f"arn:aws:iam::{ACCOUNT}:root"}},
        fails={"any": ({"vpc_endpoint_service_id": "vpce-svc-1", "principal_arn": "*"}, "principal_arn is *")},
    ),
    Case(
        "CKV_MLGOV_388",
        "aws_default_security_group",
        passes={"empty": {"vpc_id": "vpc-1"}},
        fails={
            "rules": (
                {
                    "vpc_id": "vpc-1",
                    "ingress": [{"protocol": "-1", "self_attribute": True, "from_port": 0, "to_port": 0}],
                },
                "it has rules of ingress",
            )
        },
    ),
    Case(
        "CKV_MLGOV_389",
        "aws_vpc_security_group_ingress_rule",
        passes={
            "network": {**RULE, "cidr_ipv4": "10.0.0.0/8"},
            "group": {**RULE, "referenced_security_group_id": "sg-2"},
        },
        fails={
            "ipv4": ({**RULE, "cidr_ipv4": "0.0.0.0/0"}, "0.0.0.0/0 is let in"),
            "half": ({**RULE, "cidr_ipv4": "128.0.0.0/1"}, "128.0.0.0/1 is let in"),
            "ipv6": ({**RULE, "cidr_ipv6": "::/0"}, "::/0 is let in"),
            "unknown": ({**RULE, "cidr_ipv4": "${aws_vpc.@later.ipv6_cidr_block}"}, "not provable at synthesis"),
        },
        beside={"aws_vpc.later": VPC},
    ),
    Case(
        "CKV_MLGOV_389",
        "aws_security_group",
        passes={
            "inline": {
                "name": "inline",
                "ingress": [{"protocol": "tcp", "from_port": 1, "to_port": 1, "cidr_blocks": ["10.0.0.0/8"]}],
            }
        },
        fails={
            "inline_open": (
                {
                    "name": "open",
                    "ingress": [
                        {"protocol": "tcp", "from_port": 1, "to_port": 1, "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]}
                    ],
                },
                "0.0.0.0/0 is let in",
            )
        },
    ),
    Case(
        "CKV_MLGOV_391",
        "aws_ec2_instance_metadata_defaults",
        passes={"second": {"http_tokens": "required"}},
        fails={
            "absent": ({"http_put_response_hop_limit": 2}, "http_tokens"),
            "first": ({"http_tokens": "optional"}, "not required"),
        },
    ),
    Case(
        "CKV_MLGOV_392",
        "aws_vpc",
        passes={"logged": VPC},
        fails={"silent": (VPC, "refers to the VPC")},
        beside={
            "aws_route53_resolver_query_log_config_association.log": {
                "resolver_query_log_config_id": "rqlc-1",
                "resource_id": "${aws_vpc.@logged.id}",
            }
        },
    ),
    Case(
        "CKV_MLGOV_394",
        "aws_networkfirewall_firewall_policy",
        passes={"drops": _firewall_policy()},
        fails={
            "order": (
                _firewall_policy(stateful_engine_options=None),
                "AWS takes pass first",
            ),
            "passes_on": (
                _firewall_policy(stateful_default_actions=["aws:alert_strict"]),
                "stateful_default_actions has",
            ),
            "past": (_firewall_policy(stateless_default_actions=["aws:pass"]), "is aws:pass, not aws:forward_to_sfe"),
        },
    ),
    Case(
        "CKV_MLGOV_395",
        "aws_networkfirewall_firewall",
        passes={"logged": FIREWALL},
        fails={
            "silent": (FIREWALL, "no aws_networkfirewall_logging_configuration"),
            "flows": (FIREWALL, "has no destination for ALERT"),
        },
        beside={
            "aws_networkfirewall_logging_configuration.alerts": _logging(
                "${aws_networkfirewall_firewall.@logged.arn}", "ALERT"
            ),
            "aws_networkfirewall_logging_configuration.only_flows": _logging(
                "${aws_networkfirewall_firewall.@flows.arn}", "FLOW"
            ),
        },
    ),
    Case(
        "CKV_MLGOV_396",
        "aws_ec2_transit_gateway",
        passes={"apart": {"default_route_table_association": "disable", "default_route_table_propagation": "disable"}},
        fails={
            "absent": ({}, "default_route_table_association"),
            "half": ({"default_route_table_association": "disable"}, "default_route_table_propagation"),
        },
    ),
]
