"""Interface endpoints central as they are, compared with the same endpoints in every VPC that uses them.

What each way costs, region by region:
- central: the endpoints in the zones of the one VPC, the Route 53 Profile that gives their names to other VPCs, and the
  attachment of the VPC to the Transit Gateway; and, by use, each GB that reaches it through the Transit Gateway.
- local: the same endpoints, in as many zones, in each VPC that the profile is associated with.
The attachments of these VPCs are in neither: they have them for their way out, whichever way is chosen. What an
endpoint processes costs the same on both ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from policies.cost.prices import MONTH, PriceBook
from policies.cost.world import Resource, World

ASSUMPTIONS = (
    "Local: the same endpoints in as many zones, in each VPC that is associated with the Route 53 Profile.",
    "The attachments of these VPCs to the Transit Gateway stand for their way out and are in neither sum.",
    "Data: central costs more for each GB through the Transit Gateway; what an endpoint processes costs the same.",
)
HOURS = MONTH["hour"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One region. `users` are the VPCs that use the endpoints; USD are by month."""

    region: str
    endpoints: int
    interfaces: int
    users: int
    central_usd: Decimal
    each_vpc_usd: Decimal
    gigabyte_usd: Decimal

    @property
    def local_usd(self) -> Decimal:
        """What local endpoints would cost in all VPCs that use them."""
        return self.each_vpc_usd * self.users

    @property
    def saved_usd(self) -> Decimal:
        """What central endpoints save, before data; negative where they cost more."""
        return self.local_usd - self.central_usd

    @property
    def even_vpcs(self) -> int:
        """From how many VPCs on central endpoints cost no more than local ones, before data."""
        return int((self.central_usd / self.each_vpc_usd).to_integral_value(ROUND_CEILING)) if self.interfaces else 0

    @property
    def even_gigabytes(self) -> Decimal:
        """How many GB a month through the Transit Gateway use up what is saved; 0 where nothing is."""
        return max(self.saved_usd, Decimal(0)) / self.gigabyte_usd


def compare(world: World, book: PriceBook) -> tuple[Comparison, ...]:
    """A comparison for each region whose endpoints are central: shared by a Route 53 Profile.

    Raises CostError when a price is missing.
    """
    profiles = world.of("aws_route53profiles_profile")
    return tuple(_region(world, book, region) for region in sorted({profile.place.region for profile in profiles}))


def _region(world: World, book: PriceBook, region: str) -> Comparison:
    def hourly(price: str) -> Decimal:
        return book.price(price).of(region) * HOURS

    profiles = world.of("aws_route53profiles_profile", region=region)
    central = {profile.place.stack for profile in profiles}
    shared = [one for one in world.of("aws_vpc_endpoint", region=region) if _is_interface(one, central)]
    interfaces = sum(one.length("subnet_ids") for one in shared)
    associations = world.of("aws_route53profiles_association", region=region)
    attachments = world.of("aws_ec2_transit_gateway_vpc_attachment", region=region)
    own_attachments = sum(one.place.stack in central for one in attachments)
    endpoints_usd = interfaces * hourly("interface-endpoint")
    return Comparison(
        region=region,
        endpoints=len(shared),
        interfaces=interfaces,
        users=sum(one.place.stack not in central for one in associations),
        central_usd=endpoints_usd
        + len({profile.place.account for profile in profiles}) * hourly("dns-profile")
        + own_attachments * hourly("transit-gateway-attachment"),
        each_vpc_usd=endpoints_usd,
        gigabyte_usd=book.price("transit-gateway-data").of(region),
    )


def _is_interface(endpoint: Resource, stacks: set[str]) -> bool:
    return endpoint.place.stack in stacks and endpoint.body.get("vpc_endpoint_type") == "Interface"
