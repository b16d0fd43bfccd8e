"""The security group that workloads of a spoke run with."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.core.naming import Naming


class WorkloadSecurityGroup(Construct):
    """Jobs, notebooks and endpoints of SageMaker talk to each other and, by HTTPS, to `destinations`.

    Containers of a distributed training job need all ports among themselves (SageMaker AI, "Give training jobs access
    to resources in your VPC"). `destinations` and `prefix_lists` are CIDRs and lists of AWS by what they are for.

    Guarantees: nothing outside the group comes in; nothing but HTTPS goes out.
    Controls: NET-01 (FSBP EC2.18, EC2.19; NIST 800-53 AC-4, SC-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        vpc_id: str,
        destinations: Mapping[str, str],
        prefix_lists: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        group = SecurityGroup(
            self,
            "group",
            name=naming.name("workload"),
            description="ML workloads: open to each other, HTTPS to the outside",
            vpc_id=vpc_id,
            tags={"Name": naming.name("workload")},
        )
        self.id = group.id
        itself = "Containers of one job among themselves"
        VpcSecurityGroupIngressRule(
            self,
            "from-itself",
            security_group_id=group.id,
            description=itself,
            ip_protocol="-1",
            referenced_security_group_id=group.id,
        )
        VpcSecurityGroupEgressRule(
            self,
            "to-itself",
            security_group_id=group.id,
            description=itself,
            ip_protocol="-1",
            referenced_security_group_id=group.id,
        )
        for name, cidr in destinations.items():
            VpcSecurityGroupEgressRule(
                self,
                f"to-{name}",
                security_group_id=group.id,
                description=f"HTTPS to {name}",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                cidr_ipv4=cidr,
            )
        for name, prefix_list_id in prefix_lists.items():
            VpcSecurityGroupEgressRule(
                self,
                f"to-{name}",
                security_group_id=group.id,
                description=f"HTTPS to {name}",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                prefix_list_id=prefix_list_id,
            )
