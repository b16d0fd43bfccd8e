"""Names outside AWS: queries that go there, and queries that come from there."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.route53_resolver_endpoint import (
    Route53ResolverEndpoint,
    Route53ResolverEndpointIpAddress,
)
from cdktf_cdktf_provider_aws.route53_resolver_rule import Route53ResolverRule, Route53ResolverRuleTargetIp
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.endpoint_settings import OnPremisesSettings

DNS_PORT, PROTOCOLS = 53, ("tcp", "udp")


class OnPremisesDns(Construct):
    """Resolver endpoints in the subnets given, as far as the settings ask for them.

    `rule_arns` are the forwarding rules by domain, to be given to networks through the Route 53 Profile.

    Guarantees: inbound queries come from, outbound queries go to the networks in the settings and nowhere else.
    Controls: NET-01 (NIST 800-53 SC-7, SC-20).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: OnPremisesSettings,
        vpc_id: str,
        subnet_ids: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._settings = naming, settings
        self._vpc_id, self._subnet_ids = vpc_id, subnet_ids
        self.rule_arns: dict[str, str] = {}
        if settings.inbound:
            self._endpoint("inbound")
        if settings.forward:
            outbound = self._endpoint("outbound")
            for domain, servers in settings.forward.items():
                self.rule_arns[domain] = Route53ResolverRule(
                    self,
                    f"forward-{domain}",
                    name=naming.name(domain.replace(".", "-")),
                    rule_type="FORWARD",
                    domain_name=domain,
                    resolver_endpoint_id=outbound.id,
                    target_ip=[Route53ResolverRuleTargetIp(ip=server, port=DNS_PORT) for server in servers],
                ).arn

    def _endpoint(self, direction: str) -> Route53ResolverEndpoint:
        name = self._naming.name(f"dns-{direction}")
        group = SecurityGroup(
            self,
            f"{direction}-group",
            name=name,
            description=f"DNS queries, {direction}",
            vpc_id=self._vpc_id,
            tags={"Name": name},
        )
        rule = VpcSecurityGroupIngressRule if direction == "inbound" else VpcSecurityGroupEgressRule
        for network in self._settings.networks:
            for protocol in PROTOCOLS:
                rule(
                    self,
                    f"{direction}-{protocol}-{network.replace('/', '-')}",
                    security_group_id=group.id,
                    description="DNS of networks outside AWS",
                    ip_protocol=protocol,
                    from_port=DNS_PORT,
                    to_port=DNS_PORT,
                    cidr_ipv4=network,
                )
        return Route53ResolverEndpoint(
            self,
            direction,
            name=name,
            direction=direction.upper(),
            protocols=["Do53"],
            security_group_ids=[group.id],
            ip_address=[Route53ResolverEndpointIpAddress(subnet_id=subnet) for subnet in self._subnet_ids],
        )
