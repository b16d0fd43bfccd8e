"""What the network gives to other stacks, region by region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modules.core.contract import Contract, assigned


@dataclass(frozen=True, slots=True)
class HubContract(Contract):
    """The Transit Gateway of one region, shared with the organisation, and its route tables by segment."""

    transit_gateway_id: str = assigned()
    route_table_ids: Mapping[str, str] = assigned()


@dataclass(frozen=True, slots=True)
class DnsContract(Contract):
    """Names of central endpoints, and where queries are logged; both shared with the organisation."""

    profile_id: str = assigned()
    query_log_config_id: str = assigned()


@dataclass(frozen=True, slots=True)
class AttachmentContract(Contract):
    """A VPC, and its attachment to the Transit Gateway of its region, waiting for its routes."""

    attachment_id: str = assigned()
    vpc_id: str = assigned()


@dataclass(frozen=True, slots=True)
class SpokeContract(AttachmentContract):
    """The VPC of one account in one region."""

    private_subnet_ids: list[str] = assigned()
    workload_security_group_id: str = assigned()


@dataclass(frozen=True, slots=True)
class NetworkParameters:
    """Names of the SSM parameters that tell a spoke to those who read no Terraform, such as Service Catalog products.

    They are called alike in every account and under every profile, so that one template fits all.
    """

    vpc_id: str
    private_subnet_ids: str
    workload_security_group_id: str

    @classmethod
    def of(cls, organization: str) -> NetworkParameters:
        """The names in `organization`: `/<organization>/network/<what>`."""
        root = f"/{organization}/network"
        return cls(f"{root}/vpc-id", f"{root}/private-subnet-ids", f"{root}/workload-security-group-id")
