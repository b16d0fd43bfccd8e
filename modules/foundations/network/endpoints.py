"""The interface endpoints of a VPC: AWS services on private addresses."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.endpoint_policies import Perimeter
from modules.foundations.network.endpoint_services import services
from modules.foundations.network.endpoint_settings import EndpointSettings


class Endpoints(Construct):
    """One interface endpoint for each service of the groups in `settings`, in each of the subnets.

    Guarantees:
    - AWS's public names of the services lead to the endpoints, in this VPC and wherever a Route 53 Profile has them;
    - only HTTPS from the networks `clients`, as CIDRs, reaches them;
    - only the organisation's identities reach only the organisation's resources: see `Perimeter`.

    Controls: NET-04 (FSBP EC2.10, EC2.55, EC2.57; NIST 800-53 SC-7, AC-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: EndpointSettings,
        vpc_id: str,
        subnet_ids: Sequence[str],
        clients: Sequence[str],
        perimeter: Perimeter,
    ) -> None:
        super().__init__(scope, id_)
        group = SecurityGroup(
            self,
            "security-group",
            name=naming.name("endpoints"),
            description="Interface endpoints of AWS services",
            vpc_id=vpc_id,
            tags={"Name": naming.name("endpoints")},
        )
        for client in clients:
            VpcSecurityGroupIngressRule(
                self,
                f"https-{client.replace('/', '-')}",
                security_group_id=group.id,
                description="HTTPS to AWS services",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                cidr_ipv4=client,
            )
        self.arns = {
            service.key: VpcEndpoint(
                self,
                service.key,
                vpc_id=vpc_id,
                service_name=service.service_name(naming.region),
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=list(subnet_ids),
                security_group_ids=[group.id],
                policy=perimeter.policy(service.name),
                tags={"Name": naming.name(service.key)},
            ).arn
            for service in services(settings.groups, naming.partition)
        }
