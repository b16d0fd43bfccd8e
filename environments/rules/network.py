"""Rules of the address plan: CIDRs lie apart and within the supernet, and where a network is, there is a hub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from environments.configuration import Configuration, Declared
from environments.vocabulary import PlatformRole
from modules.core.errors import Problem
from modules.foundations.network.addresses import SMALLEST_HUB, SMALLEST_SPOKE, VpcKind, share
from modules.foundations.network.settings import NetworkSettings

# What each VPC is called, and the longest prefix that holds its subnets.
_VPCS: Mapping[VpcKind, tuple[str, int]] = {
    "hub": ("the hub", SMALLEST_HUB),
    "endpoints": ("the central endpoints", SMALLEST_SPOKE),
    "network": ("the spoke", SMALLEST_SPOKE),
}
# In every region with a network these have one, too: the Transit Gateway's account, and that of the endpoints.
_CENTRAL: tuple[PlatformRole, ...] = ("network", "shared-services")


def _settings(configuration: Configuration) -> NetworkSettings:
    return configuration.organization.content.foundations.network


def _key(configuration: Configuration, region: str) -> tuple[str, ...]:
    """Where an account says its CIDR in `region`."""
    return ("cidr",) if region == configuration.organization.content.home_region else ("other_cidrs", region)


def _networks(configuration: Configuration) -> Iterator[tuple[IPv4Network, str, Declared]]:
    for declared in configuration.declared():
        for region, cidr in declared.account.networks.items():
            yield IPv4Network(cidr), region, declared


def _cidrs_do_not_overlap(configuration: Configuration) -> Iterator[Problem]:
    widest: tuple[IPv4Network, str, Declared] | None = None
    # Networks are nested or apart, so in this order only the last network that is nested in none can overlap.
    for network, region, declared in sorted(_networks(configuration), key=lambda each: each[0]):
        if widest and network.subnet_of(widest[0]):
            other = widest[2]
            message = f"{network} overlaps {widest[0]} of the account {other.account.name} ({other.place})"
            yield declared.place.problem(message, *_key(configuration, region))
        else:
            widest = (network, region, declared)


def _cidrs_lie_in_the_supernet(configuration: Configuration) -> Iterator[Problem]:
    supernet = IPv4Network(_settings(configuration).supernet)
    for network, region, declared in _networks(configuration):
        if not network.subnet_of(supernet):
            message = f"must lie in foundations.network.supernet {supernet}, for which routes are made (got {network})"
            yield declared.place.problem(message, *_key(configuration, region))


def _other_cidrs_are_of_other_regions(configuration: Configuration) -> Iterator[Problem]:
    content = configuration.organization.content
    entries = [(name, entry.other_cidrs) for name, entry in content.accounts.items()]
    places = {declared.account.name: declared.place for declared in configuration.declared()}
    entries += [(source.vended_name, source.account.other_cidrs) for source in configuration.sources()]
    for name, other_cidrs in entries:
        for region in other_cidrs:
            if region == content.home_region:
                yield places[name].problem("is the home region, whose CIDR is cidr", "other_cidrs", region)
            elif region not in content.governed_regions:
                governed = ", ".join(region for region in content.governed_regions if region != content.home_region)
                message = f"must be a governed region other than the home region: {governed or 'there is none'}"
                yield places[name].problem(f"{message} (got {region})", "other_cidrs", region)


def _networks_have_a_hub(configuration: Configuration) -> Iterator[Problem]:
    first: dict[str, Declared] = {}
    for _, region, declared in _networks(configuration):
        if region in configuration.organization.content.governed_regions:
            first.setdefault(region, declared)
    for role in _CENTRAL:
        holder = next((each for each in configuration.declared() if role in each.account.roles), None)
        for region, user in first.items() if holder else ():
            if holder and region not in holder.account.networks:
                message = f"is required: the account {user.account.name} has a network in {region}"
                yield holder.place.problem(
                    f"{message}, which needs one of the role {role}", *_key(configuration, region)
                )


def _vpcs_are_large_enough(configuration: Configuration) -> Iterator[Problem]:
    for network, region, declared in _networks(configuration):
        vpcs = declared.account.vpcs
        for kind, (name, smallest) in _VPCS.items():
            if kind in vpcs and (block := IPv4Network(share(str(network), vpcs, kind))).prefixlen > smallest:
                shared = f" of which {name} gets {block}" if len(vpcs) > 1 else ""
                message = f"is too small for {name}, which needs a /{smallest} (got {network}{shared})"
                yield declared.place.problem(message, *_key(configuration, region))
                break  # a larger CIDR mends the others, too


RULES = (
    _cidrs_do_not_overlap,
    _cidrs_lie_in_the_supernet,
    _other_cidrs_are_of_other_regions,
    _networks_have_a_hub,
    _vpcs_are_large_enough,
)
