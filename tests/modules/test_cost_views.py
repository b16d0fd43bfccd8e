"""What the views over the exports say of a bill: whose each cost is, to the cent, and that it adds up to the bill.

The SQL is that of the rendered stack, translated from Athena's dialect to DuckDB's; the exports are files in the
layouts of CUR 2.0 and FOCUS 1.0, below the prefixes at which the rendered tables look.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path

import duckdb
import pytest
from constructs import Construct

from modules.cost_reporting.allocation import (
    LINE_OF_BUSINESS,
    Allocation,
    Method,
    ProductCosts,
    SharedCosts,
    TeamCosts,
    allocate,
)
from modules.cost_reporting.cost_views import cost_views
from modules.cost_reporting.export_columns import CUR_2_0, FOCUS_1_0
from modules.cost_reporting.export_tables import ExportTables
from modules.cost_reporting.names import CUR, FOCUS
from modules.cost_reporting.usage_settings import UsageSettings
from modules.cost_reporting.usage_tables import UsageTables
from modules.cost_reporting.views import Views
from tests.support.allocated import owners
from tests.support.athena import DeployedView, database, views
from tests.support.exports import Item, cur_rows, focus_rows, item, write
from tests.support.rendering import Rendered, render

pytestmark = pytest.mark.e2e  # DuckDB works through many bills for seconds

BUCKET = "acme-prod-cost-reports"
PREFIXES = {CUR: "cur2/hourly/data/", FOCUS: "focus/daily/data/"}
FRAUD, LENDING, SHARED_TEAMS, HUB, LAKE, STRANGE = (f"{digit}" * 12 for digit in range(2, 8))
TEAMS = (
    TeamCosts("fraud", "Financial Crime", (FRAUD,)),
    TeamCosts("laundering", "Financial Crime"),
    TeamCosts("lending", "Retail Lending", (LENDING,)),
    TeamCosts("o'hara", "Trading"),
)
PRODUCTS = (
    ProductCosts("card-safety", "fraud", ("card-fraud", "card-limits")),
    ProductCosts("loans", "lending", ("loans",)),
)
PARTS = {"Financial Crime": 50, "Retail Lending": 30, "Trading": 20}
AMOUNTS = ("billed_cost", "amortized_cost")
Sums = dict[tuple[str, ...], Decimal]
ARN = "arn:aws:sagemaker:eu-west-1:222222222222"


def allocation(method: Method = "PROPORTIONAL") -> Allocation:
    """Three lines of business, of which one has no account of its own, and a platform and a domain that all use."""
    shared = SharedCosts(("payments",), (LAKE,), (HUB, "111111111111"))
    return allocate(TEAMS, PRODUCTS, shared, method=method, percent=PARTS if method == "FIXED" else None)


def rendered(method: Method = "PROPORTIONAL") -> Rendered:
    """The tables and views of a stack."""

    def build(scope: Construct) -> None:
        known = allocation(method)
        ExportTables(
            scope,
            "tables",
            database="cost_reports",
            bucket=BUCKET,
            key_arn="arn:aws:kms:eu-west-1:888888888888:key/reports",
            exports=PREFIXES,
            keep_months=36,
            allocation=known,
        )
        Views(scope, "views", database="cost_reports", views=cost_views(known))
        usage = UsageSettings()
        UsageTables(scope, "usage", settings=usage, database="cost_reports", bucket=BUCKET, keep_days=400)

    return render(build)


@pytest.fixture(name="stacks", scope="module")
def _stacks() -> Mapping[Method, Rendered]:
    return {method: rendered(method) for method in ("PROPORTIONAL", "EVEN", "FIXED")}


class Bill:
    """A bill, exported, and what the views say of it."""

    def __init__(self, stack: Rendered, items: Sequence[Item], root: Path) -> None:
        self.items = items
        writer = duckdb.connect()
        for export, layout, rows in ((CUR, CUR_2_0.columns, cur_rows), (FOCUS, FOCUS_1_0.columns, focus_rows)):
            for month in sorted({each.month for each in items}):
                folder = root / BUCKET / PREFIXES[export] / f"BILLING_PERIOD={month}"
                write(writer, folder, layout, list(rows(each for each in items if each.month == month)))
        (owned,) = stack.all("aws_s3_object").values()
        (root / BUCKET / owned["key"]).parent.mkdir(parents=True)
        (root / BUCKET / owned["key"]).write_text(owned["content"])
        self.connection = database(stack, root)

    def of(self, view: str, *keys: str, amount: str = "billed_cost") -> Sums:
        """What a view says, by these columns."""
        named = ", ".join(keys)
        rows = self.connection.execute(f"SELECT {named}, SUM({amount}) FROM {view} GROUP BY {named}").fetchall()
        return {row[:-1]: row[-1] for row in rows}

    def total(self, month: str, amount: str = "billed_cost") -> Decimal:
        """What was planted in a month, in cents."""
        place = AMOUNTS.index(amount)
        parts = [each.cost[place] for each in self.items if each.month == month and each.kind != "container"]
        return sum(parts, Decimal(0)).quantize(Decimal("0.01"), "ROUND_HALF_UP")


PLANTED = (
    item(
        "usage",
        FRAUD,
        "100.00",
        tags={"Project": "card-fraud", "sagemaker:user-profile-arn": f"{ARN}:user-profile/d-1/maria-sole"},
    ),
    item(
        "usage",
        FRAUD,
        "20.25",
        resource=f"{ARN}:endpoint/acme-prod-card-fraud",
        usage_type="EU-Host:ml.m5.xlarge",
        tags={"Project": "card-fraud"},
    ),
    item(
        "usage",
        FRAUD,
        "30.50",
        resource=f"{ARN}:app/d-1/arjun-rao/jupyterlab/default",
        usage_type="EU-Studio:ml.g5.2xlarge",
        tags={"Project": "card-limits", "Team": "lending"},
    ),
    item("usage", FRAUD, "9.25", resource=f"{ARN}:endpoint/acme-prod-spare", usage_type="EU-Host:ml.m5.large"),
    item("tax", FRAUD, "32.00"),
    item("credit", FRAUD, "-12.00"),
    item("usage", LENDING, "60.00", tags={"Product": "loans"}),
    item("covered", LENDING, "0", "15.00", usage_type="EU-Train:ml.m5.4xlarge", tags={"Project": "loans"}),
    item("reserved", LENDING, "0", "4.00", service="AmazonEC2", usage_type="EU-BoxUsage:m5.large"),
    item("refund", LENDING, "-10.00"),
    item("usage", SHARED_TEAMS, "40.00", tags={"Team": "laundering"}),
    item("usage", SHARED_TEAMS, "10.00", tags={"Team": "o'hara"}),
    item("usage", STRANGE, "7.77", resource="i-lost", service="AmazonEC2", usage_type="EU-BoxUsage:t3.micro"),
    item("plan", HUB, "20.00", "5.00", service="ComputeSavingsPlans"),
    item("reservation", HUB, "6.00", "2.00", service="AmazonEC2"),
    item("usage", HUB, "64.00", service="AmazonEC2", resource="i-runner", usage_type="EU-BoxUsage:m5.2xlarge"),
    item("container", HUB, "14.00", service="AmazonEKS", resource="pod/one", parent="i-runner", tags={"Team": "fraud"}),
    item("usage", LAKE, "10.00", service="AWSGlue"),
    item("usage", FRAUD, "1.00", month="2026-11"),
)


@pytest.fixture(name="bill", scope="module")
def _bill(stacks: Mapping[Method, Rendered], tmp_path_factory: pytest.TempPathFactory) -> Bill:
    return Bill(stacks["PROPORTIONAL"], PLANTED, tmp_path_factory.mktemp("bill"))


def _october(found: Sums) -> dict[object, str]:
    """Of October, by the last key, as text."""
    return {key[-1]: str(amount) for key, amount in found.items() if key[0] == "2026-10"}


def test_each_team_bears_what_was_planted(bill: Bill) -> None:
    """Its own accounts, its tags elsewhere, its containers on another's instance, its taxes, credits and refunds."""
    assert _october(bill.of("cost_by_team", "billing_period", "team")) == {
        "fraud": "194.00",
        "laundering": "40.00",
        "lending": "50.00",
        "o'hara": "10.00",
        "Shared platform": "76.00",
        "Shared data": "10.00",
        "Unallocated": "7.77",
    }


def test_what_was_paid_in_advance_is_borne_by_who_used_it(bill: Bill) -> None:
    """Of a Savings Plan and a reservation only what nobody used stays with who bought it."""
    assert _october(bill.of("cost_by_team", "billing_period", "team", amount="amortized_cost")) == {
        "fraud": "194.00",
        "laundering": "40.00",
        "lending": "69.00",
        "o'hara": "10.00",
        "Shared platform": "57.00",
        "Shared data": "10.00",
        "Unallocated": "7.77",
    }


def test_each_user_bears_what_was_planted(bill: Bill) -> None:
    """By the tag that SageMaker gives, else by the ARN of a person's app."""
    assert _october(bill.of("cost_by_user", "billing_period", "user_name")) == {
        "maria-sole": "100.00",
        "arjun-rao": "30.50",
        "No user": "257.27",
    }


def test_each_product_and_project_bears_what_was_planted(bill: Bill) -> None:
    """A product bears what its projects do, and a project only what its own team has."""
    assert _october(bill.of("cost_by_product", "billing_period", "product")) == {
        "card-safety": "150.75",
        "loans": "60.00",
        "No product": "177.02",
    }
    assert _october(bill.of("cost_by_project", "billing_period", "project")) == {
        "card-fraud": "120.25",
        "card-limits": "30.50",
        "loans": "0.00",
        "No project": "237.02",
    }


def test_each_endpoint_and_instance_family_bears_what_was_planted(bill: Bill) -> None:
    """Instances of SageMaker and of EC2 alike, by the type that stands in the type of usage."""
    assert _october(bill.of("cost_by_endpoint", "billing_period", "endpoint")) == {
        "acme-prod-card-fraud": "20.25",
        "acme-prod-spare": "9.25",
        "No endpoint": "358.27",
    }
    assert _october(bill.of("cost_by_instance_family", "billing_period", "instance_family")) == {
        "ml.m5": "29.50",
        "ml.g5": "30.50",
        "m5": "50.00",
        "t3": "7.77",
        "No instance": "270.00",
    }


def test_what_all_share_is_charged_by_what_each_costs_itself(bill: Bill) -> None:
    """86 dollars are shared; of 294 that lines cost themselves Financial Crime costs 234."""
    found = bill.of("cost_allocated", "billing_period", "line_of_business")
    assert _october(found) == {
        "Financial Crime": "302.45",
        "Retail Lending": "64.63",
        "Trading": "12.92",
        "Unallocated": "7.77",
    }
    origins = bill.of("cost_allocated", "billing_period", "line_of_business", "origin")
    assert origins[("2026-10", "Retail Lending", "Shared platform")] == Decimal("12.93")


@pytest.mark.parametrize(
    ("method", "expected"),
    [("EVEN", ("262.68", "78.66", "38.66")), ("FIXED", ("277.00", "75.80", "27.20"))],
)
def test_what_all_share_is_charged_as_the_settings_say(
    stacks: Mapping[Method, Rendered], tmp_path: Path, method: Method, expected: tuple[str, ...]
) -> None:
    """In equal parts, or by the per cent that are set."""
    found = Bill(stacks[method], PLANTED, tmp_path).of("cost_allocated", "billing_period", "line_of_business")
    assert _october(found) == dict(zip(PARTS, expected, strict=True)) | {"Unallocated": "7.77"}


def test_a_cost_that_nobody_owns_is_told_by_its_resource(bill: Bill) -> None:
    """Neither its account nor a tag says whose it is."""
    assert _october(bill.of("cost_untagged", "billing_period", "resource_id")) == {"i-lost": "7.77"}


def test_what_is_idle_costs_its_part_of_the_day(stacks: Mapping[Method, Rendered], tmp_path: Path) -> None:
    """An endpoint that nobody asked anything for the last 6 of the 24 hours that it ran, beside one that is busy."""
    spare, busy = (f"{ARN}:endpoint/acme-prod-{name}" for name in ("spare", "busy"))
    for hour in range(24):
        folder = tmp_path / BUCKET / f"usage/dt=2026-10-01/hour={hour:02}"
        folder.mkdir(parents=True)
        row = {"kind": "endpoint", "status": "InService", "instance_hours": 1.0, "created": "2026-09-01T00:00:00Z"}
        limit = datetime(2026, 10, 1, 18, tzinfo=UTC) - timedelta(days=UsageSettings().idle_endpoint_days)
        used = {spare: limit.isoformat(), busy: "2026-10-01T23:30:00Z"}
        rows = [row | {"arn": arn, "last_active": last} for arn, last in used.items()]
        (folder / "account=1.json").write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    items = [item("usage", FRAUD, cost, resource=arn) for arn, cost in ((spare, "48.00"), (busy, "10.00"))]
    found = Bill(stacks["EVEN"], items, tmp_path).of("cost_of_idle", "billing_period", "team", "resource_id", "reason")
    assert found == {("2026-10", "fraud", spare, "idle endpoint"): Decimal("12.00")}


def test_both_exports_say_the_same_of_each_account(bill: Bill) -> None:
    """To the last digit; the container's part is moved within its account."""
    rows = bill.connection.execute("SELECT account_id, difference FROM cost_agreement").fetchall()
    assert {account for account, _ in rows} == {FRAUD, LENDING, SHARED_TEAMS, STRANGE, HUB, LAKE}
    assert {difference for _, difference in rows} == {Decimal(0)}


def test_a_view_has_the_columns_that_the_catalogue_tells(stacks: Mapping[Method, Rendered], bill: Bill) -> None:
    """Names and types are those of what its SQL selects, in the words of Hive and of Athena."""
    athena = {"VARCHAR": "varchar", "DATE": "date"}
    known = {view.name for view in cost_views(allocation())}
    for view in (each for each in views(stacks["PROPORTIONAL"]) if each.name in known):
        found = bill.connection.execute(f"DESCRIBE {view.name}").fetchall()
        assert [row[0].lower() for row in found] == list(view.columns) == list(view.sql_columns), view.name
        kinds = [athena.get(row[1], row[1].lower()) for row in found]
        assert kinds == list(view.sql_columns.values()), view.name
        assert kinds == [kind.replace("string", "varchar") for kind in view.columns.values()], view.name


def _whole_views(stack: Rendered) -> Iterator[DeployedView]:
    """Those that have all of the bill in them, in cents."""
    for view in views(stack):
        if (
            set(AMOUNTS) <= view.columns.keys()
            and "decimal(18,2)" in view.columns.values()
            and view.name not in ("cost_untagged", "cost_of_idle")
        ):
            yield view


def _random_bill(chance: random.Random) -> list[Item]:
    """Amounts with many digits, tags that are missing, unknown or another's, and all kinds of charges."""
    accounts = (FRAUD, LENDING, SHARED_TEAMS, HUB, LAKE, STRANGE, "111111111111")
    items = []
    for number in range(chance.randint(1, 60)):
        account, month = chance.choice(accounts), chance.choice(("2026-10", "2026-11"))
        kind = chance.choices(
            ("usage", "tax", "credit", "refund", "covered", "plan", "reserved", "reservation"),
            (60, 4, 3, 3, 10, 5, 10, 5),
        )[0]
        amount = Decimal(chance.randint(0, 10 ** chance.randint(1, 9))).scaleb(-chance.randint(0, 7))
        if kind in ("credit", "refund"):
            amount = -amount / 3
        amount = amount.quantize(Decimal("1e-9"))
        tags = {
            key: chance.choice(values)
            for key, values in {
                "Team": ("fraud", "lending", "laundering", "o'hara", "unknown"),
                "DataDomain": ("payments", "other"),
                "Project": ("card-fraud", "card-limits", "loans", "gone"),
                "Product": ("card-safety", "loans"),
            }.items()
            if kind in ("usage", "covered", "reserved") and chance.random() < 0.4
        }
        billed = Decimal(0) if kind in ("covered", "reserved") else amount
        used = (amount * chance.randint(0, 4) / 4).quantize(Decimal("1e-9"))
        amortized = used if kind in ("covered", "reserved", "plan", "reservation") else None
        items.append(Item(kind, account, billed, amortized, tags, resource=f"r-{number}", month=month))
    return items


def _rounded(sums: Mapping[tuple[str, ...], Decimal]) -> Sums:
    """Largest remainders, told once more: in order of the keys where they are alike."""
    cents = {key: amount * 100 for key, amount in sums.items()}
    floors = {key: amount.to_integral_value(ROUND_FLOOR) for key, amount in cents.items()}
    missing = int(sum(cents.values()).to_integral_value("ROUND_HALF_UP") - sum(floors.values()))
    for key in sorted(cents, key=lambda key: (floors[key] - cents[key], key))[:missing]:
        floors[key] += 1
    return {key: amount / 100 for key, amount in floors.items()}


@pytest.mark.parametrize("seed", range(6))
def test_any_bill_adds_up_in_every_view(stacks: Mapping[Method, Rendered], tmp_path: Path, seed: int) -> None:
    """Whatever is on it and however what all share is split; owners are those that the allocation names."""
    chance = random.Random(seed)
    method: Method = ("PROPORTIONAL", "EVEN", "FIXED")[seed % 3]
    bill = Bill(stacks[method], _random_bill(chance), tmp_path)
    for month in {each.month for each in bill.items}:
        for view in _whole_views(stacks[method]):
            for amount in AMOUNTS:
                assert bill.of(view.name, "billing_period", amount=amount)[(month,)] == bill.total(month, amount), (
                    view.name
                )
        expected = _rounded(_by_owner(bill.items, month))
        found = bill.of("cost_by_project", "billing_period", "line_of_business", "team", "product", "project")
        assert {key[1:]: amount for key, amount in found.items() if key[0] == month} == expected
    (differences,) = zip(*bill.connection.execute("SELECT difference FROM cost_agreement").fetchall(), strict=True)
    assert set(differences) == {Decimal(0)}


def _by_owner(items: Iterable[Item], month: str) -> Sums:
    found: defaultdict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for each in items:
        if each.month == month:
            found[tuple(owners(allocation(), each.account, each.tags).values())] += each.billed
            if each.kind == "covered":  # what takes its price back has no tags
                found[tuple(owners(allocation(), each.account, {}).values())] += 0
    names = [level.name for level in allocation().levels]
    order = [names.index(name) for name in (LINE_OF_BUSINESS, "Team", "Product", "Project")]
    return {tuple(key[place] for place in order): amount for key, amount in found.items()}
