"""What both organisations of this repository cost idle: every type has its place, and each is within its envelopes."""

from __future__ import annotations

import pytest

from environments.manifest import Manifest
from policies.cost.bill import bill
from policies.cost.envelope import measured
from policies.cost.prices import shipped
from tests.support.organisations import Synthesised

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", ["acme", "minnow"])
def test_every_type_is_priced_and_every_envelope_holds(synthesised: Synthesised, name: str) -> None:
    """Nothing is taken for free in silence; the org environment has an envelope."""
    out = synthesised(name)
    manifest = Manifest.read(out)
    documents = manifest.documents(out)
    found = bill(manifest.model_dump(mode="json"), documents, shipped())
    each = measured(manifest.idle_usd_per_month, found)
    assert each["org"][1] is not None
    for environment, (spent, limit) in each.items():
        assert limit is None or spent.total <= limit, environment
    assert found.sum.fixed > found.sum.estimated > 0
