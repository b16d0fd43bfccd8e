"""The address plan is arithmetic: parts lie apart, and what is added later moves nothing."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest

from modules.foundations.network.addresses import VpcKind, share, tiers

KINDS: tuple[VpcKind, ...] = ("hub", "endpoints", "network")


def test_the_only_vpc_of_an_account_has_its_whole_cidr() -> None:
    """Nothing is set aside for VPCs that the account's roles do not ask for."""
    assert [share("10.20.0.0/16", (kind,), kind) for kind in KINDS] == ["10.20.0.0/16"] * 3


def test_several_vpcs_of_an_account_lie_apart_at_fixed_places() -> None:
    """Hub, endpoints and spoke get a quarter, a quarter and a half, whichever two or three there are."""
    parts = {kind: share("10.0.0.0/16", KINDS, kind) for kind in KINDS}
    assert parts == {"hub": "10.0.0.0/18", "endpoints": "10.0.64.0/18", "network": "10.0.128.0/17"}
    for pair in combinations(KINDS, 2):
        assert {kind: share("10.0.0.0/16", pair, kind) for kind in pair} == {kind: parts[kind] for kind in pair}


def test_a_vpc_that_the_account_has_not_gets_no_addresses() -> None:
    """Asking for the part of a VPC that does not stand in the account is a mistake of the caller."""
    with pytest.raises(ValueError, match="no VPC of the kind endpoints"):
        share("10.0.0.0/16", ("hub", "network"), "endpoints")


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.100.0.0/20", "10.0.0.0/24"])
def test_subnets_lie_apart_within_their_vpc(cidr: str) -> None:
    """No two subnets overlap, each lies in the VPC, and none is smaller than AWS takes."""
    found = [IPv4Network(one) for tier in tiers(cidr, ("a", "b", "c", "d"), 4).values() for one in tier]
    assert len(found) == 16
    assert not any(one.overlaps(other) for one, other in combinations(found, 2))
    assert all(one.subnet_of(IPv4Network(cidr)) and one.prefixlen <= 28 for one in found)


def test_a_third_zone_moves_no_subnet() -> None:
    """Subnets cannot be renumbered in place, so those of two zones stay when a third one comes."""
    two, three = (tiers("10.0.0.0/18", ("public", "attachment"), zones) for zones in (2, 3))
    assert two == {name: cidrs[:2] for name, cidrs in three.items()}
    assert two["public"] == ("10.0.0.0/22", "10.0.4.0/22")


@pytest.mark.parametrize(("cidr", "names", "zones"), [("10.0.0.0/25", "a", 2), ("10.0.0.0/16", "abcde", 2)])
def test_a_vpc_that_cannot_hold_its_subnets_is_refused(cidr: str, names: str, zones: int) -> None:
    """Too small a block and too many tiers are errors, not subnets that AWS refuses later."""
    with pytest.raises(ValueError, match=r"smaller than /24|four tiers|4 tiers"):
        tiers(cidr, tuple(names), zones)
