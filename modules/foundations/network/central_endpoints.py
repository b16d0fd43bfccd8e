"""The network of the shared services: endpoints and names for all others in the region."""

from __future__ import annotations

from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.central_dns import CentralDns
from modules.foundations.network.contract import AttachmentContract, HubContract
from modules.foundations.network.endpoint_policies import Perimeter
from modules.foundations.network.endpoints import Endpoints
from modules.foundations.network.on_premises_dns import OnPremisesDns
from modules.foundations.network.private_network import PrivateNetwork
from modules.foundations.network.vpc_dns import VpcDns
from modules.foundations.network.vpc_flow_logs import VpcFlowLogs
from modules.foundations.settings import FoundationsSettings
from modules.observability.contract import LogArchiveContract

WHAT = "endpoints"


class CentralEndpoints(Construct):
    """A private VPC that holds one set of endpoints for the organisation, and the DNS that leads to it.

    Without `central` no network uses central endpoints, so there are none; names and logs of queries remain.

    Guarantees:
    - those of PrivateNetwork, VpcFlowLogs, Endpoints, CentralDns and OnPremisesDns;
    - no route to the internet under any settings.

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
        central: bool,
        perimeter: Perimeter,
        organization_arn: str,
        hub: HubContract,
        logs: LogArchiveContract,
    ) -> None:
        super().__init__(scope, id_)
        outside = settings.dns.on_premises
        supernet = settings.network.supernet
        network = PrivateNetwork(
            self,
            "network",
            naming=naming,
            what=WHAT,
            cidr=cidr,
            zones=settings.network.zones,
            destinations=[supernet, *outside.networks],
            hub=hub,
        )
        vpc_id, subnet_ids = network.vpc_id, network.private_subnet_ids
        VpcFlowLogs(self, "flow-logs", vpc_id=vpc_id, logs=logs)
        endpoint_arns = {}
        if central:
            endpoint_arns = Endpoints(
                self,
                "endpoints",
                naming=naming,
                settings=settings.endpoints,
                vpc_id=vpc_id,
                subnet_ids=subnet_ids,
                clients=[supernet, *outside.networks],
                perimeter=perimeter,
            ).arns
        dns = CentralDns(
            self,
            "dns",
            naming=naming,
            settings=settings.dns,
            endpoint_arns=endpoint_arns,
            organization_arn=organization_arn,
            logs=logs,
        )
        forwarded = OnPremisesDns(
            self, "on-premises", naming=naming, settings=outside, vpc_id=vpc_id, subnet_ids=subnet_ids
        )
        for domain, arn in forwarded.rule_arns.items():
            dns.add(domain.replace(".", "-"), arn)
        self.dns = dns.contract
        self.attachment = AttachmentContract(attachment_id=network.attachment_id, vpc_id=vpc_id)
        VpcDns(self, "names", naming=naming, what=WHAT, settings=settings.dns, vpc_id=vpc_id, dns=self.dns)
