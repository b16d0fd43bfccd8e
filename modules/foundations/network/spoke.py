"""The network of one account in one region."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.contract import DnsContract, HubContract, NetworkParameters, SpokeContract
from modules.foundations.network.endpoint_policies import Perimeter
from modules.foundations.network.endpoints import Endpoints
from modules.foundations.network.gateway_endpoints import GatewayEndpoints
from modules.foundations.network.private_network import PrivateNetwork
from modules.foundations.network.vpc_dns import VpcDns
from modules.foundations.network.vpc_flow_logs import VpcFlowLogs
from modules.foundations.network.workload_security_group import WorkloadSecurityGroup
from modules.foundations.settings import FoundationsSettings
from modules.observability.contract import LogArchiveContract

WHAT, ANYWHERE = "network", "0.0.0.0/0"


class Spoke(Construct):
    """A private VPC for workloads, with what they need to work: AWS's services, names, and a security group.

    Guarantees:
    - those of PrivateNetwork, VpcFlowLogs, VpcDns, GatewayEndpoints and WorkloadSecurityGroup;
    - an isolated spoke has no route to the internet; one with egress has it through the hub alone;
    - interface endpoints stand here where the settings say local, and else nowhere but in the shared services;
    - every spoke tells itself by the same SSM parameters, whatever its profile: see `NetworkParameters`.

    Controls: NET-01, NET-04, NET-05 (NIST 800-53 SC-7, AC-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        cidr: str,
        settings: FoundationsSettings,
        perimeter: Perimeter,
        hub: HubContract,
        dns: DnsContract,
        logs: LogArchiveContract,
    ) -> None:
        super().__init__(scope, id_)
        egress = settings.network.profile == "egress"
        reachable = {"internet": ANYWHERE} if egress else {"organisation": settings.network.supernet}
        network = PrivateNetwork(
            self,
            "network",
            naming=naming,
            what=WHAT,
            cidr=cidr,
            zones=settings.network.zones,
            destinations=list(reachable.values()),
            hub=hub,
        )
        vpc_id = network.vpc_id
        VpcFlowLogs(self, "flow-logs", vpc_id=vpc_id, logs=logs)
        VpcDns(self, "dns", naming=naming, what=WHAT, settings=settings.dns, vpc_id=vpc_id, dns=dns)
        gateways = GatewayEndpoints(
            self,
            "gateways",
            naming=naming,
            vpc_id=vpc_id,
            route_table_ids=network.route_table_ids,
            perimeter=perimeter,
        )
        if settings.network.endpoints == "local":
            Endpoints(
                self,
                "endpoints",
                naming=naming,
                settings=settings.endpoints,
                vpc_id=vpc_id,
                subnet_ids=network.private_subnet_ids,
                clients=[cidr],
                perimeter=perimeter,
            )
        group = WorkloadSecurityGroup(
            self,
            "workload",
            naming=naming,
            vpc_id=vpc_id,
            destinations=reachable,
            prefix_lists=gateways.prefix_lists,
        )
        self.contract = SpokeContract(
            attachment_id=network.attachment_id,
            vpc_id=vpc_id,
            private_subnet_ids=network.private_subnet_ids,
            workload_security_group_id=group.id,
        )
        self._tell(NetworkParameters.of(naming.organization))

    def _tell(self, names: NetworkParameters) -> None:
        contract = self.contract
        for id_, name, value in (
            ("vpc-id", names.vpc_id, contract.vpc_id),
            ("security-group-id", names.workload_security_group_id, contract.workload_security_group_id),
        ):
            SsmParameter(self, id_, name=name, type="String", value=value)
        SsmParameter(
            self,
            "subnet-ids",
            name=names.private_subnet_ids,
            type="StringList",
            value=",".join(contract.private_subnet_ids),
        )
