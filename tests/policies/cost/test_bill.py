"""The bill: it adds up exactly, by whatever it is cut, and fails closed."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from policies.cost.bill import Sum, usd
from policies.cost.diff import changes
from policies.cost.pages import FORMATS, VIEWS, bill_page, diff_page
from policies.cost.prices import shipped
from policies.errors import CostError
from tests.policies.cost.stacks import billed

TODAY = date(2026, 11, 22)
STACKS = {
    "net-org-hub": {"aws_nat_gateway": {"a": {}}, "aws_kms_key": {"a": {}}},
    "net-org-hub-eu-central-1": {"aws_nat_gateway": {"a": {}}},
    "dev-dev-base": {
        "aws_config_configuration_recorder": {"it": {}},
        "aws_kms_key": {"it": {"count": "${a ? 1 : 0}"}},
        "aws_iam_role": {"it": {}},
    },
    "dev-dev-empty": {},
}


def test_prices_are_those_of_the_stack_s_region() -> None:
    """The same gateway costs what it costs there, to the cent."""
    sums = billed(STACKS).by(VIEWS["stack"])
    assert sums["net-org-hub"].total == Decimal("0.048") * 730 + 1
    assert sums["net-org-hub-eu-central-1"].total == Decimal("0.052") * 730


def test_every_view_adds_up_to_the_whole() -> None:
    """By environment, module, account, stack and price the sums are the same, by certainty, too."""
    found = billed(STACKS)
    assert found.sum == Sum(fixed=Decimal("74.00"), estimated=Decimal("1.500"), awaited=Decimal("1.00"))
    for key in VIEWS.values():
        for part in ("fixed", "estimated", "awaited"):
            assert sum(getattr(own, part) for own in found.by(key).values()) == getattr(found.sum, part)


def test_other_partitions_have_no_prices() -> None:
    """Their prices differ, and none of them stand in the file."""
    with pytest.raises(CostError, match="of the partition aws, not of aws-cn"):
        billed(STACKS, partition="aws-cn")


def test_all_that_cannot_be_priced_is_told_at_once() -> None:
    """Unknown types and missing prices of several stacks are in one error."""
    stacks = {"a-org-a": {"aws_new": {"it": {}}}, "b-org-b-sa-east-1": {"aws_kms_key": {"it": {}}}}
    with pytest.raises(
        CostError, match=r"price key has no region sa-east-1.*; aws_new is neither|aws_new.*; price key"
    ):
        billed(stacks)


@pytest.mark.parametrize(("amount", "text"), [("0.005", "0.01"), ("0.0049", "0.00"), ("1234567.8", "1,234,567.80")])
def test_amounts_are_shown_in_cents(amount: str, text: str) -> None:
    """Rounded half up, with thousands apart."""
    assert usd(Decimal(amount)) == text


def test_a_type_of_cloud_control_goes_by_its_aws_name() -> None:
    """What is declared by type_name has its place under that name, or is an error as any other."""
    card = {"aws_cloudcontrolapi_resource": {"it": {"type_name": "AWS::SageMaker::ModelCard"}}}
    assert billed({"a-org-a": card}).lines == ()
    card["aws_cloudcontrolapi_resource"]["it"]["type_name"] = "AWS::EKS::Cluster"
    with pytest.raises(CostError, match="AWS::EKS::Cluster is neither"):
        billed({"a-org-a": card})


def test_a_difference_adds_up_and_shows_the_dearest_first() -> None:
    """A new stack, one that went, one that changed; what stays equal is not there."""
    new = {key: body for key, body in STACKS.items() if key != "net-org-hub-eu-central-1"}
    new |= {"dev-dev-more": {"aws_sagemaker_mlflow_tracking_server": {"it": {}}}}
    new["net-org-hub"] = STACKS["net-org-hub"] | {"aws_kms_key": {"a": {}, "b": {}}}
    old_bill, new_bill = billed(STACKS), billed(new)
    found = changes(old_bill, new_bill)
    assert [(one.stack, one.usd) for one in found] == [
        ("dev-dev-more", Decimal("438.00")),
        ("net-org-hub-eu-central-1", Decimal("-37.960")),
        ("net-org-hub", Decimal("1.00")),
    ]
    assert sum(one.usd for one in found) == new_bill.sum.total - old_bill.sum.total
    page = diff_page(found, old_bill, new_bill, form="markdown")
    assert page.startswith("## Idle: +401.04 USD a month (76.50 to 477.54)\n")
    assert "| net-org-hub-eu-central-1 | -37.96 |" in page
    assert diff_page((), old_bill, old_bill, form="text").startswith("Idle: +0.00 USD a month")


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_tells_the_same_total(form: str) -> None:
    """Text and Markdown in their head, JSON by name, CSV as the sum of its lines."""
    page = bill_page(billed(STACKS), shipped(), {"org": 100}, TODAY, form=form, views=["environment"])
    if form == "json":
        told = json.loads(page)
        assert (told["total"]["total"], told["envelopes"], len(told["lines"])) == ("76.50", {"org": 100}, 5)
    elif form == "csv":
        amounts = [line.rpartition(",")[2] for line in page.splitlines()[1:]]
        assert sum(map(Decimal, amounts)) == Decimal("76.50")
    else:
        assert "Idle: 76.50 USD a month, 4 stacks" in page
        assert "500 items a month in each account and region" in page
        assert "prices, by region, were never compared with AWS's, or last more than 12 months ago" in page


def test_envelopes_stand_beside_their_environments() -> None:
    """With the amount, or the word that there is none."""
    page = bill_page(billed(STACKS), shipped(), {"org": 100}, TODAY, form="markdown", views=["environment"])
    assert "| org | 74.00 | 0.00 | 0.00 | 74.00 | 100.00 |" in page
    assert "| dev | 0.00 | 1.50 | 1.00 | 2.50 | none |" in page


def test_the_page_says_how_much_rests_on_old_prices() -> None:
    """The sum and the dearest of them, of this bill; nothing where all its prices were compared of late."""
    pages = [bill_page(billed(STACKS), shipped(), {}, day, form="text", views=[]) for day in (TODAY, date(2028, 1, 1))]
    assert "rest on such prices" not in pages[0]
    assert "76.50 USD of the 76.50 rest on such prices (dearest: NAT gateways 73.00, Customer-managed keys" in pages[1]
