"""The price files: whole, dated, exact, and nothing is taken for free in silence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from policies.cost.prices import PRICES, UNPRICED, PriceBook, shipped
from policies.cost.rules import RULES
from policies.cost.world import CLOUD_CONTROL
from policies.errors import CostError
from policies.strict_yaml import items

ROOT = Path(__file__).parents[3]
PRICE = """
- price: key
  what: Keys
  per: month
  types: [aws_kms_key]
  source: https://aws.amazon.com/kms/pricing/
  checked: 2026-01-31
  how: the page
  usd: { eu-west-1: "1.00" }
"""
FREE = "- billed: nothing\n  types: [aws_iam_role]\n"


def _book(folder: Path, prices: str = PRICE, unpriced: str = FREE) -> PriceBook:
    (folder / "prices.yaml").write_text(prices, encoding="utf-8")
    (folder / "unpriced.yaml").write_text(unpriced, encoding="utf-8")
    return PriceBook.read(folder / "prices.yaml", folder / "unpriced.yaml")


def test_every_type_that_a_stack_may_declare_has_its_place() -> None:
    """Each type whose permissions are known is priced, or says by what it is billed: a new one fails here."""
    text = (ROOT / "tests/policies/guardrails/permissions.yaml").read_text(encoding="utf-8")
    known = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    declared = {kind for kind in known if not kind.startswith("data.")} - {CLOUD_CONTROL}
    assert not declared - shipped().types


def test_every_rule_prices_a_type_of_the_file() -> None:
    """A rule for a type that prices.yaml does not name would never be asked."""
    priced = {kind for price in shipped().prices.values() for kind in price.types}
    assert set(RULES) <= priced


def test_every_price_has_the_regions_of_the_reference_organisations() -> None:
    """Home, second region and the region of billing; a size stands in those alone of which its price is known."""
    for price in shipped().prices.values():
        assert price.regions >= {"eu-central-1", "eu-west-1", "us-east-1"}, price.price


def test_prices_are_exact_decimals() -> None:
    """A price is text in YAML, and what is read is that very number."""
    assert shipped().price("interface-endpoint").of("eu-west-1") == Decimal("0.011")


def test_a_type_that_stands_nowhere_is_an_error(tmp_path: Path) -> None:
    """It is named, with both files it may be added to."""
    with pytest.raises(CostError, match=r"aws_new_thing is neither in policies/cost/prices.yaml nor in unpriced.yaml"):
        _book(tmp_path).price_of("aws_new_thing")


def test_a_missing_region_or_size_is_an_error_that_says_where_to_add_it(tmp_path: Path) -> None:
    """The price, the region or size, the file and AWS's page are in the sentence."""
    sized = PRICE.replace('usd: { eu-west-1: "1.00" }', 'sizes: { Small: { eu-west-1: "0.60" } }')
    with pytest.raises(CostError, match=r"price key has no region sa-east-1: add it to .*prices.yaml from https://"):
        _book(tmp_path).price("key").of("sa-east-1")
    with pytest.raises(CostError, match=r"price key has no size Large"):
        _book(tmp_path, sized).price("key").of("eu-west-1", "Large")
    with pytest.raises(CostError, match=r"there is no price lock"):
        _book(tmp_path).price("lock")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('"1.00"', "1.00"), r"prices.yaml:2 usd.eu-west-1 .*must be text such as"),
        (('"1.00"', '"-1"'), r"prices.yaml:2 usd.eu-west-1 .*is no amount"),
        (('"1.00"', '"NaN"'), r"is no amount"),
        (('"1.00"', '"dear"'), r"is no number"),
        (("checked: 2026-01-31", "checked: lately"), r"prices.yaml:2 checked"),
        (("what: Keys", "what: Keys\n  whose: AWS"), r"prices.yaml:2 whose"),
        (("what: Keys", "what: Keys\n  what: Locks"), r"prices.yaml:4 key what stands twice"),
        (("aws.amazon.com", "prices.example"), r"prices.yaml:2 source"),
        (('usd: { eu-west-1: "1.00" }', "assumption: none"), r"must have either usd or sizes"),
        (("per: month", 'per: month\n  assumed: "3"'), r"assumed and assumption together"),
        (("checked: 2026-01-31", "checked: { us-east-1: 2026-01-31 }"), r"regions that have a price: eu-west-1"),
        (("  how: the page\n", ""), r"must say how it was checked"),
    ],
)
def test_a_fault_of_the_file_is_told_with_its_line(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    """Numbers that are no text, unknown and repeated keys, a source that is not AWS: each is refused with its line."""
    with pytest.raises(CostError, match=says):
        _book(tmp_path, PRICE.replace(*change))


def test_nothing_stands_twice(tmp_path: Path) -> None:
    """A price, and a type in one list or in both."""
    with pytest.raises(CostError, match="price key stands twice"):
        _book(tmp_path, PRICE + PRICE)
    with pytest.raises(CostError, match="aws_kms_key has two prices"):
        _book(tmp_path, PRICE + PRICE.replace("price: key", "price: other"))
    with pytest.raises(CostError, match="aws_kms_key stands twice"):
        _book(tmp_path, unpriced=FREE.replace("aws_iam_role", "aws_kms_key"))


@pytest.mark.parametrize(("day", "aged"), [(date(2027, 1, 30), False), (date(2027, 1, 31), True)])
def test_a_price_is_aged_after_twelve_whole_months(tmp_path: Path, day: date, aged: bool) -> None:
    """To the day, by the date in the file."""
    assert _book(tmp_path).price("key").is_aged("eu-west-1", day, 12) is aged


def test_a_price_that_was_never_compared_is_aged(tmp_path: Path) -> None:
    """On any day: the file says of each price whether it is known to be AWS's."""
    price = _book(tmp_path, PRICE.replace("2026-01-31", "never")).price("key")
    assert price.is_aged("eu-west-1", date(2026, 1, 31), 12)


def test_regions_are_compared_one_by_one(tmp_path: Path) -> None:
    """What is known of one region says nothing of another."""
    text = PRICE.replace("2026-01-31", "{ eu-west-1: 2026-01-31, us-east-1: never }")
    book = _book(tmp_path, text.replace('"1.00" }', '"1.00", us-east-1: "1.00" }'))
    aged = [region for price, region in book.by_region() if price.is_aged(region, date(2026, 2, 1), 12)]
    assert aged == ["us-east-1"]


def test_the_shipped_files_are_sorted_by_line() -> None:
    """Types stand in order within their group, so that a second entry is seen."""
    for file in (PRICES, UNPRICED):
        for entry in items(file.read_text(encoding="utf-8")):
            assert entry.value["types"] == sorted(entry.value["types"]), f"{file.name}:{entry.line}"
