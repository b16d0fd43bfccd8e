"""What may be set for private endpoints and DNS: which services are reached privately, and what names are answered."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Shape, Strict

EndpointGroup = Literal["core", "ml", "data", "cicd", "bedrock"]
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
DnsName = Annotated[str, Shape(rf"{_LABEL}(?:\.{_LABEL})+", "a domain such as corp.acme.example", 253)]
BlockedDomain = Annotated[
    str, Shape(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*", "a domain such as tunnel.example, or *.tunnel.example", 253)
]


def _address(text: str) -> str:
    try:
        IPv4Address(text)
    except ValueError as error:
        raise ValueError("must be an IPv4 address such as 10.200.0.53") from error
    return text


def _distinct_groups(groups: tuple[EndpointGroup, ...]) -> tuple[EndpointGroup, ...]:
    if len(set(groups)) != len(groups):
        raise ValueError("must name each group once")
    return groups


def _outside(text: str) -> str:
    try:
        IPv4Network(text)
    except ValueError as error:
        raise ValueError("must be an IPv4 network in CIDR form, such as 10.200.0.0/16") from error
    return text


OutsideNetwork = Annotated[str, AfterValidator(_outside)]
Address = Annotated[str, AfterValidator(_address)]


class EndpointSettings(Strict):
    """Which AWS services are reached by interface endpoints, in groups. `core` is needed by every other.

    Each endpoint is billed by the hour in each zone: central ones once for the organisation and region, local ones
    once for each network. A service that AWS does not offer in the partition is left out.
    """

    groups: Annotated[tuple[EndpointGroup, ...], AfterValidator(_distinct_groups)] = (
        "core",
        "ml",
        "data",
        "cicd",
        "bedrock",
    )

    @model_validator(mode="after")
    def _core_is_there(self) -> Self:
        if "core" not in self.groups:
            raise ValueError("groups must hold core: without STS, KMS and logs no workload runs")
        return self


class OnPremisesSettings(Strict):
    """Networks outside AWS, which are reached through the hub, and their names.

    Queries for a domain in `forward` go to the DNS servers given there, in every network of the organisation.
    `inbound` lets clients in `networks` ask for names that the organisation keeps private, endpoints included.
    """

    networks: tuple[OutsideNetwork, ...] = ()
    forward: dict[DnsName, Annotated[tuple[Address, ...], Field(min_length=1, max_length=6)]] = Field(
        default_factory=dict
    )
    inbound: bool = False

    @model_validator(mode="after")
    def _servers_are_in_the_networks(self) -> Self:
        if self.inbound and not self.networks:
            raise ValueError("inbound needs networks, from which queries may come")
        known = [IPv4Network(network) for network in self.networks]
        for domain, servers in self.forward.items():
            for server in servers:
                if not any(IPv4Address(server) in network for network in known):
                    raise ValueError(f"networks must hold {server}, to which names of {domain} are forwarded")
        return self


class DnsSettings(Strict):
    """Name resolution in every network of the organisation.

    `validate_dnssec` refuses forged answers for signed public zones. `blocked_domains` are answered with NODATA.
    """

    validate_dnssec: bool = True
    blocked_domains: tuple[BlockedDomain, ...] = ()
    on_premises: OnPremisesSettings = OnPremisesSettings()
