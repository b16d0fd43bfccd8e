"""What may be set for the network: the address plan, the way out and its inspection, and where endpoints stand."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Shape, Strict

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
AllowedDomain = Annotated[
    str,
    Shape(rf"\.?{_LABEL}(?:\.{_LABEL})+", "a domain such as pypi.org, or .pypi.org for all below it, too", 253),
]
# What CloudWatch Logs keeps logs for, from the year that NIST 800-53 AU-11 is commonly read as.
LogDays = Literal[365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]


def _supernet(text: str) -> str:
    try:
        network = IPv4Network(text)
    except ValueError as error:
        raise ValueError("must be an IPv4 network in CIDR form, such as 10.0.0.0/8") from error
    if not network.is_private or network.prefixlen > 16:
        raise ValueError("must lie in private address space and have a prefix of /16 or shorter")
    return text


class NetworkSettings(Strict):
    """The network. What is of the hub counts as organization.yaml says it; the rest may differ by environment.

    `profile` egress gives an environment's spokes a way to the internet through the hub, isolated gives none.
    `endpoints` local gives each spoke interface endpoints of its own, central uses those of the shared services.
    `egress` is that of the hub; `nat_gateways` in each zone survive the loss of a zone, a single one is cheaper.
    `inspection` counts where there is egress: the firewall lets out TLS and HTTP to `allowed_domains` alone, and
    its alerts are kept for `alert_log_days`. `supernet` holds every CIDR of the organisation.
    """

    supernet: Annotated[str, AfterValidator(_supernet)] = "10.0.0.0/8"
    zones: Literal[2, 3] = 2
    profile: Literal["isolated", "egress"] = "isolated"
    endpoints: Literal["central", "local"] = "central"
    egress: Literal["none", "nat"] = "none"
    nat_gateways: Literal["each-zone", "single"] = "each-zone"
    inspection: Literal["none", "network-firewall"] = "network-firewall"
    allowed_domains: Annotated[tuple[AllowedDomain, ...], Field(min_length=1)] = (
        ".amazonaws.com",
        ".pypi.org",
        "files.pythonhosted.org",
    )
    alert_log_days: LogDays = 365

    @model_validator(mode="after")
    def _egress_needs_a_way_out(self) -> Self:
        if self.profile == "egress" and self.egress == "none":
            raise ValueError("must not have the profile egress while egress is none: set egress to nat")
        return self
