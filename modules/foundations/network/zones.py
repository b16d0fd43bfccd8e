"""The availability zones of a region, in an order that all accounts share."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import Fn, Token
from cdktf_cdktf_provider_aws.data_aws_availability_zones import (
    DataAwsAvailabilityZones,
    DataAwsAvailabilityZonesFilter,
)
from constructs import Construct

LETTERS = ("a", "b", "c")


def zone_ids(scope: Construct, count: int) -> Mapping[str, str]:
    """The ids of the region's first `count` zones (3 at most), by our letters for them.

    By id, as a zone's name means another place in each account: traffic between accounts then stays in its zone.
    AWS may add a zone, and a subnet cannot move: a subnet ignores changes of its zone after it is made.
    """
    found = DataAwsAvailabilityZones(
        scope,
        "zones",
        state="available",
        # No local zones: they have no NAT gateways and no Transit Gateway attachments.
        filter=[DataAwsAvailabilityZonesFilter(name="opt-in-status", values=["opt-in-not-required"])],
    )
    ids = Fn.sort(found.zone_ids)
    return {letter: Token.as_string(Fn.element(ids, place)) for place, letter in enumerate(LETTERS[:count])}
