"""The organisations of this repository keep every duty; what is exempt there is needed."""

from __future__ import annotations

import json

import pytest

from policies.access.breaches import Breach, Judgement
from policies.access.duties import Duty, read
from policies.access.read import access
from tests.support.organisations import ORGANISATIONS, Synthesised, documents

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module", name="judgements")
def _judgements(synthesised: Synthesised) -> dict[str, Judgement]:
    found = {}
    for name in ORGANISATIONS:
        out = synthesised(name)
        manifest = json.loads((out / "mlgov.json").read_bytes())
        found[name] = Judgement(access(manifest, {entry.id: body for entry, body in documents(out)}))
    return found


@pytest.mark.parametrize("name", sorted(ORGANISATIONS))
def test_every_duty_holds(judgements: dict[str, Judgement], name: str) -> None:
    """Nobody holds what a duty keeps apart, but who is exempt with a reason."""
    assert [str(breach) for breach in judgements[name].breaches(read())] == []


@pytest.mark.parametrize("duty", [duty for duty in read() if duty.exempt], ids=lambda duty: duty.id)
def test_every_exemption_is_needed(judgements: dict[str, Judgement], duty: Duty) -> None:
    """Without it somebody in one of the organisations would break the duty: it goes with what it was for."""
    bare = duty.model_copy(update={"exempt": []})
    breaking: list[Breach] = [breach for one in judgements.values() for breach in one.breaches([bare])]
    for exemption in duty.exempt:
        alone = duty.model_copy(update={"exempt": [exemption]})
        assert any(alone.spares(breach.whom) for breach in breaking), exemption.whom
