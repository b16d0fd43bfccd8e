"""Central and local endpoints compared: known numbers, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policies.cost.endpoints import Comparison, compare
from policies.cost.pages import endpoints_page
from policies.cost.prices import shipped
from policies.cost.world import World
from tests.policies.cost.stacks import manifest

INTERFACE = {"vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"]}
CENTRAL = {
    "aws_route53profiles_profile": {"it": {}},
    "aws_route53profiles_association": {"own": {}},
    "aws_ec2_transit_gateway_vpc_attachment": {"own": {}},
    "aws_vpc_endpoint": {"sts": INTERFACE, "logs": INTERFACE, "s3": {"vpc_endpoint_type": "Gateway"}},
}
USER = {
    "aws_route53profiles_association": {"own": {}},
    "aws_ec2_transit_gateway_vpc_attachment": {"own": {}},
    "aws_vpc_endpoint": {"s3": {"vpc_endpoint_type": "Gateway"}, "own": INTERFACE},
}


def _compared(users: int) -> Comparison:
    stacks = {"hub-org-endpoints": CENTRAL} | {f"u{number}-dev-network": USER for number in range(users)}
    documents = {name: {"resource": resources} for name, resources in stacks.items()}
    (found,) = compare(World(manifest(*stacks), documents), shipped())
    return found


def test_central_is_the_endpoints_their_profile_and_their_attachment() -> None:
    """Two endpoints in two zones, 0.75 of the profile and 0.05 of the one attachment, over 730 hours."""
    found = _compared(30)
    assert (found.endpoints, found.interfaces, found.users) == (2, 4, 30)
    assert found.central_usd == (4 * Decimal("0.011") + Decimal("0.75") + Decimal("0.05")) * 730
    assert found.local_usd == 30 * 4 * Decimal("0.011") * 730


def test_break_even_is_where_both_ways_cost_the_same() -> None:
    """At as many VPCs central costs no more, at one less it costs more; so many GB use up what is saved."""
    assert _compared(30).even_vpcs == 20
    assert _compared(20).saved_usd >= 0 > _compared(19).saved_usd
    found = _compared(30)
    assert found.even_gigabytes * Decimal("0.02") == found.saved_usd
    assert _compared(1).even_gigabytes == 0


def test_without_a_profile_nothing_is_central() -> None:
    """There is nothing to compare, and the page says so."""
    documents = {"u-dev-network": {"resource": {"aws_vpc_endpoint": {"own": INTERFACE}}}}
    found = compare(World(manifest("u-dev-network"), documents), shipped())
    assert found == ()
    page = endpoints_page(found, shipped(), date(2026, 11, 22), form="text")
    assert page.startswith("No endpoints are central here")


def test_the_page_says_what_it_assumes() -> None:
    """Each region's row, and what is in neither sum."""
    page = endpoints_page([_compared(30)], shipped(), date(2026, 11, 22), form="markdown")
    assert "| eu-west-1 | 2 | 4 | 30 | 616.12 | 963.60 | +347.48 | 20 | 17,374 |" in page
    assert "attachments of these VPCs" in page


def test_the_page_says_whether_central_saves_or_costs_more() -> None:
    """Nobody reads a saving that is below nothing."""
    many, one = (endpoints_page([_compared(users)], shipped(), date(2026, 11, 22), form="text") for users in (30, 1))
    assert many.startswith("Central endpoints save 347.48 USD a month, before data")
    assert one.startswith("Central endpoints cost 584.00 USD more a month, before data")
