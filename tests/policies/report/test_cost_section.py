"""The report's section on cost: what stands idle, the envelopes, and an honest word where a price is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from policies.cost.prices import shipped
from policies.report import html
from policies.report.costs import Cost, view
from policies.report.model import ReportData
from tests.policies.cost.stacks import manifest

TODAY = date(2026, 11, 22)


def _cost(envelope: int, kind: str = "aws_kms_key") -> Cost:
    resources = {kind: {"a": {}, "b": {}}, "aws_iam_role": {"a": {}}}
    listed = manifest("net-org-keys", "net-org-roles", envelopes={"org": envelope})
    documents = {"net-org-keys": {"resource": resources}, "net-org-roles": {"resource": {}}}
    return view(listed, documents, shipped(), TODAY)


def _page(data: ReportData, cost: Cost | None) -> str:
    return html.render(replace(data, cost=cost, matrix=replace(data.matrix, controls=()), policies=(), findings=()))


def test_the_section_has_sums_and_envelopes() -> None:
    """Amounts in cents, by environment, price, account and stack; stacks that cost nothing are left out."""
    cost = _cost(4)
    (environment,) = cost.environments
    assert (cost.total, environment.limit, environment.percent, environment.exceeded) == ("2.00", "4.00", 50, False)
    assert [[row.name for row in rows] for rows in (cost.prices, cost.accounts, cost.stacks)] == [
        ["Customer-managed keys"],
        ["net"],
        ["net-org-keys"],
    ]


def test_a_breach_of_the_envelope_is_seen(data: ReportData) -> None:
    """A bar for the reader, and the word for who sees no bar."""
    page = _page(data, _cost(1))
    assert '<meter min="0" max="100" high="90" value="200" aria-label="org: 200 % of its envelope">' in page
    assert "200 %, exceeded" in page
    assert page.count('href="#cost"') == 1


def test_what_cannot_be_priced_is_told_instead(data: ReportData) -> None:
    """The sentence stands where the numbers would; a sum without a part would look like a whole one."""
    page = _page(data, _cost(1, "aws_new_thing"))
    assert "Not known: aws_new_thing is neither in policies/cost/prices.yaml nor in unpriced.yaml" in page
    assert "<meter" not in page


def test_without_cost_there_is_no_section(source: str) -> None:
    """Neither the section nor its link."""
    assert 'href="#cost"' not in source
    assert 'id="cost"' not in source
