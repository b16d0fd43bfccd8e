"""Who reaches whom through the Transit Gateway, as a table of segments. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Environment = Literal["org", "dev", "test", "prod"]
Segment = Literal[Environment, "egress"]
Profile = Literal["isolated", "egress"]

ENVIRONMENTS: tuple[Environment, ...] = ("org", "dev", "test", "prod")
EGRESS: Final = "egress"
SEGMENTS: tuple[Segment, ...] = (*ENVIRONMENTS, EGRESS)


def reaches(source: Segment, target: Segment, profiles: Mapping[Environment, Profile]) -> bool:
    """Whether a network of `source` has a route to one of `target`.

    Every environment reaches the shared networks of `org`, and these reach every environment. Nothing else reaches
    across: not dev to prod, and not one team's network to another's in the same environment. An environment with
    the profile egress reaches the internet through the hub, and the hub reaches it with the answers.
    """
    if source == EGRESS:
        return target != EGRESS and profiles[target] == EGRESS
    if target == EGRESS:
        return profiles[source] == EGRESS
    return "org" in (source, target)


def learners(environment: Environment, profiles: Mapping[Environment, Profile]) -> tuple[Segment, ...]:
    """The segments whose route tables must know the networks of `environment`."""
    return tuple(segment for segment in SEGMENTS if reaches(segment, environment, profiles))
