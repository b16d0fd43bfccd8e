"""The organisations of this repository keep every duty; what is exempt there is needed; who reads which data there."""

from __future__ import annotations

import json

import pytest

from policies.access.breaches import Breach, Judgement
from policies.access.duties import Duty, read
from policies.access.model import Access
from policies.access.read import access
from policies.access.who import Question, who_can
from tests.support.organisations import ORGANISATIONS, Synthesised, documents

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module", name="held")
def _held(synthesised: Synthesised) -> dict[str, Access]:
    found = {}
    for name in ORGANISATIONS:
        out = synthesised(name)
        manifest = json.loads((out / "mlgov.json").read_bytes())
        found[name] = access(manifest, {entry.id: body for entry, body in documents(out)})
    return found


@pytest.fixture(scope="module", name="judgements")
def _judgements(held: dict[str, Access]) -> dict[str, Judgement]:
    return {name: Judgement(one) for name, one in held.items()}


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


@pytest.mark.parametrize(
    ("team", "hidden"),
    [("fraud", ("email", "birth_date")), ("lending", ("birth_date",))],
    ids=["internal", "confidential"],
)
def test_each_team_reads_the_columns_that_it_is_cleared_for(
    held: dict[str, Access], team: str, hidden: tuple[str, ...]
) -> None:
    """As jobs in every stage and as people in dev alone, once the table is published; nobody else of the team does."""
    table = "arn:aws:glue:eu-west-1:data-governance:table/customers_profile/customer"
    answer = who_can(held["acme"], Question("lakeformation:SELECT", table))
    own = {one.principal: one for one in answer.holdings if one.principal.startswith(f"{team}-")}
    stages = {f"{team}-{stage}/acme-{stage}-{team}-pipeline" for stage in ("dev", "test", "prod")}
    assert set(own) == {*stages, f"{team}-dev/acme-dev-{team}-data-scientist"}
    for one in own.values():
        (way,) = one.ways
        assert way.without == hidden
        assert way.conditions == ("stage = published, which acme-org-publish-customers may set",)


def test_a_part_of_a_table_is_read_by_whom_it_was_cut_for(held: dict[str, Access]) -> None:
    """Consents of customers in Ireland, without the text, by the team that names the filter; by no other team."""
    table = "arn:aws:glue:eu-west-1:data-governance:table/customers_profile/consent"
    answer = who_can(held["acme"], Question("lakeformation:SELECT", table))
    ways = {(one.principal.split("-")[0], way.rows, way.without) for one in answer.holdings for way in one.ways}
    filtered = ("current_in_ireland: country = 'IE' AND granted = true", ("signed_text",))
    assert ways == {("fraud", *filtered), ("data", "", ())}  # the domain's own job reads what it makes


def test_nobody_reads_the_bytes_of_the_lake_past_lake_formation(held: dict[str, Access]) -> None:
    """Of the curated zone: the role of its location, the domain's own roles, and nobody of any team."""
    zone = "arn:aws:s3:::acme-prod-customers-curated/profile/customer/x"
    answer = who_can(held["acme"], Question("s3:GetObject", zone))
    readers = {one.principal for one in answer.holdings}
    assert "data-governance/acme-org-lake-customers" in readers
    assert {one.partition("/")[0] for one in readers} <= {"data-governance", "data-customers"}, readers
