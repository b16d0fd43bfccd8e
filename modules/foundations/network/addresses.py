"""Addresses by pure arithmetic: which part of an account's CIDR a VPC gets, and which part of that a subnet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import islice
from typing import Literal

VpcKind = Literal["hub", "endpoints", "network"]

# A VPC is cut into four tiers of four zones each, and AWS takes no subnet smaller than /28.
_TIERS, _ZONES, _SMALLEST_SUBNET = 4, 4, 28
SMALLEST_HUB = _SMALLEST_SUBNET - 4
_SPOKE_ZONES = 3
SMALLEST_SPOKE = _SMALLEST_SUBNET - 4
# Where several VPCs share the CIDR of an account. The parts are fixed, so that one more VPC moves none.
_PARTS: dict[VpcKind, tuple[int, int]] = {"hub": (2, 0), "endpoints": (2, 1), "network": (1, 1)}


def share(cidr: str, kinds: Collection[VpcKind], kind: VpcKind) -> str:
    """The part of an account's `cidr` that its VPC of this `kind` gets: all, where it is the account's only one.

    Else the hub gets the first quarter, the central endpoints the second, and the spoke the second half.
    Raises ValueError when `kinds` lacks `kind`.
    """
    if kind not in kinds:
        raise ValueError(f"the account has no VPC of the kind {kind}")
    if len(kinds) == 1:
        return cidr
    bits, place = _PARTS[kind]
    return str(list(IPv4Network(cidr).subnets(prefixlen_diff=bits))[place])


def tiers(cidr: str, names: Sequence[str], zones: int) -> dict[str, tuple[str, ...]]:
    """For each tier of subnets its CIDRs, one for each zone; a third zone or a fourth tier moves no subnet.

    Raises ValueError for more than four tiers or zones, and for a `cidr` whose sixteenth is smaller than /28.
    """
    if len(names) > _TIERS or zones > _ZONES:
        raise ValueError(f"a VPC has {_TIERS} tiers of {_ZONES} zones at most")
    if IPv4Network(cidr).prefixlen > SMALLEST_HUB:
        raise ValueError(f"{cidr} is smaller than /{SMALLEST_HUB}")
    parts = IPv4Network(cidr).subnets(prefixlen_diff=2)
    return {
        name: tuple(str(subnet) for subnet in islice(part.subnets(prefixlen_diff=2), zones))
        for name, part in zip(names, parts, strict=False)
    }


@dataclass(frozen=True, slots=True)
class SpokeSubnets:
    """CIDRs of the subnets of a spoke, one for each zone: those of workloads, and those of the attachment."""

    private: tuple[str, ...]
    attachment: tuple[str, ...]


def spoke_subnets(cidr: str, zones: int) -> SpokeSubnets:
    """Three quarters of `cidr` for workloads, one to a zone; of the fourth a /28 to a zone for the attachment.

    A third zone moves no subnet. Raises ValueError for more than three zones or a `cidr` smaller than SMALLEST_SPOKE.
    """
    if zones > _SPOKE_ZONES:
        raise ValueError(f"a spoke has {_SPOKE_ZONES} zones at most")
    if IPv4Network(cidr).prefixlen > SMALLEST_SPOKE:
        raise ValueError(f"{cidr} is smaller than /{SMALLEST_SPOKE}")
    *private, rest = IPv4Network(cidr).subnets(prefixlen_diff=2)
    return SpokeSubnets(
        private=tuple(str(subnet) for subnet in private[:zones]),
        attachment=tuple(str(subnet) for subnet in islice(rest.subnets(new_prefix=_SMALLEST_SUBNET), zones)),
    )


def free(supernet: str, taken: Collection[str], *, prefix: int, count: int, after: str | None = None) -> list[str]:
    """`count` networks of this `prefix` in `supernet` that overlap none of `taken`; fewer, where there is no room.

    Those behind the network `after` come first, so that plans grow at their end and gaps are filled last.
    """
    used = [IPv4Network(each) for each in taken]
    start = IPv4Network(after).broadcast_address if after else None
    found: list[str] = []
    for behind in (True, False):
        for each in IPv4Network(supernet).subnets(new_prefix=prefix):
            if len(found) == count:
                return found
            is_behind = start is None or each.network_address > start
            if is_behind == behind and not any(each.overlaps(other) for other in used):
                found.append(str(each))
    return found
