"""Who has what, read from a synthesis."""

from __future__ import annotations

from collections.abc import Mapping

from policies.access.grants import Grants
from policies.access.identities import Policies, identities
from policies.access.model import Access
from policies.access.people import sessions
from policies.access.resources import targets
from policies.access.stacks import Json, Synthesis
from policies.access.surroundings import Surroundings


def access(manifest: Json, documents: Mapping[str, Json]) -> Access:
    """From the manifest as JSON and the Terraform JSON of its stacks by id: all of them, or an answer is not whole."""
    synthesis = Synthesis.of(manifest, documents)
    policies, around, grants = Policies(synthesis), Surroundings(synthesis), Grants(synthesis)
    found = [*identities(synthesis, policies, around), *sessions(synthesis, policies, around)]
    principals = tuple(sorted(found, key=lambda principal: (principal.name, principal.source)))
    return Access(
        synthesis=synthesis,
        principals=principals,
        targets=tuple(sorted(targets(synthesis, principals, around), key=lambda target: (target.name, target.source))),
        grants=tuple(sorted(grants, key=lambda grant: (grant.principal, grant.source))),
        catalogued=grants.known,
    )
