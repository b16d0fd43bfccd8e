"""Bills as AWS exports them, in the column layouts of CUR 2.0 and FOCUS 1.0, from a plan of what costs what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb

Kind = Literal["usage", "tax", "credit", "refund", "covered", "plan", "reserved", "reservation", "container"]
_TYPES = {
    "string": "VARCHAR",
    "double": "DOUBLE",
    "timestamp": "TIMESTAMP",
    "map<string,string>": "MAP(VARCHAR, VARCHAR)",
    "map<string,double>": "MAP(VARCHAR, DOUBLE)",
}
_CUR_TYPES = {
    "usage": "Usage",
    "tax": "Tax",
    "credit": "Credit",
    "refund": "Refund",
    "covered": "SavingsPlanCoveredUsage",
    "plan": "SavingsPlanRecurringFee",
    "reserved": "DiscountedUsage",
    "reservation": "RIFee",
    "container": "Usage",
}
_FOCUS_CATEGORIES = {
    "tax": "Tax",
    "credit": "Credit",
    "refund": "Adjustment",
    "plan": "Purchase",
    "reservation": "Purchase",
}


@dataclass(frozen=True)
class Item:
    """Something that costs `billed` on the invoice, and `amortized` where what is paid for it is paid elsewhere.

    `tags` are as they were put on the resource. `parent` is the instance on which a container ran, of whose cost
    `billed` is the container's part.
    """

    kind: Kind
    account: str
    billed: Decimal
    amortized: Decimal | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    service: str = "AmazonSageMaker"
    usage_type: str = "EU-Studio:Storage"
    resource: str = ""
    parent: str = ""
    month: str = "2026-10"
    day: int = 1

    @property
    def cost(self) -> tuple[Decimal, Decimal]:
        """What is billed, and what was used."""
        return self.billed, self.billed if self.amortized is None else self.amortized

    @property
    def at(self) -> datetime:
        """The hour."""
        return datetime.combine(date.fromisoformat(f"{self.month}-{self.day:02}"), datetime.min.time())


def item(kind: Kind, account: str, billed: str, amortized: str | None = None, **rest: Any) -> Item:
    """An item with its amounts as text, so that they are exact."""
    return Item(kind, account, Decimal(billed), None if amortized is None else Decimal(amortized), **rest)


def cur_rows(items: Iterable[Item]) -> Iterator[dict[str, Any]]:
    """What CUR 2.0 tells of them: covered usage at its price on demand, and a line that takes it back."""
    for number, each in enumerate(items):
        billed, amortized = each.cost
        row = {
            "identity_line_item_id": f"line-{number}",
            "bill_billing_period_start_date": datetime.fromisoformat(f"{each.month}-01"),
            "line_item_usage_start_date": each.at,
            "line_item_usage_account_id": each.account,
            "line_item_usage_account_name": f"account {each.account}",
            "line_item_line_item_type": _CUR_TYPES[each.kind],
            "line_item_product_code": each.service,
            "line_item_usage_type": each.usage_type,
            "line_item_resource_id": each.resource,
            "line_item_unblended_cost": billed,
            "product_region_code": "eu-west-1",
            "resource_tags": _tags(each.tags),
        }
        match each.kind:
            case "covered":
                list_price = amortized * Decimal("1.37")
                yield row | {
                    "line_item_unblended_cost": list_price,
                    "savings_plan_savings_plan_effective_cost": amortized,
                }
                nobodys = {
                    "identity_line_item_id": f"negation-{number}",
                    "line_item_resource_id": "",
                    "resource_tags": {},
                }
                yield (
                    row
                    | nobodys
                    | {
                        "line_item_line_item_type": "SavingsPlanNegation",
                        "line_item_unblended_cost": -list_price,
                    }
                )
            case "plan":
                yield row | {
                    "savings_plan_total_commitment_to_date": billed,
                    "savings_plan_used_commitment": billed - amortized,
                }
            case "reserved":
                yield row | {
                    "reservation_effective_cost": amortized,
                    "reservation_reservation_a_r_n": "arn:reservation",
                }
            case "reservation":
                yield row | {
                    "reservation_unused_amortized_upfront_fee_for_billing_period": Decimal(0),
                    "reservation_unused_recurring_fee": amortized,
                    "reservation_reservation_a_r_n": "arn:reservation",
                }
            case "container":
                yield row | {
                    "line_item_unblended_cost": None,
                    "split_line_item_parent_resource_id": each.parent,
                    "split_line_item_split_cost": billed / 2,
                    "split_line_item_unused_cost": billed - billed / 2,
                }
            case _:
                yield row


def focus_rows(items: Iterable[Item]) -> Iterator[dict[str, Any]]:
    """What FOCUS 1.0 tells of them: a fee costs nothing where it is used up, and containers are not told at all."""
    for each in items:
        if each.kind == "container":
            continue
        billed, amortized = each.cost
        row = {
            "BillingPeriodStart": datetime.fromisoformat(f"{each.month}-01"),
            "ChargePeriodStart": each.at,
            "SubAccountId": each.account,
            "SubAccountName": f"account {each.account}",
            "ChargeCategory": _FOCUS_CATEGORIES.get(each.kind, "Usage"),
            "x_ServiceCode": each.service,
            "x_UsageType": each.usage_type,
            "RegionId": "eu-west-1",
            "ResourceId": each.resource or None,
            "Tags": _tags(each.tags),
            "BilledCost": billed,
            "EffectiveCost": amortized,
        }
        if each.kind in ("plan", "reservation"):
            yield row | {"EffectiveCost": Decimal(0)}
            yield row | {"ChargeCategory": "Usage", "BilledCost": Decimal(0)}  # what nobody used
        else:
            yield row


def write(
    connection: duckdb.DuckDBPyConnection, folder: Path, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write `rows` as a Parquet file below `folder`, with all `columns`; those of which a row says nothing are empty.

    Raises AssertionError when a row says something that the layout has no column for.
    """
    known = {name.lower(): name for name in columns}
    unknown = {name for row in rows for name in row} - {name for row in rows for name in row if name.lower() in known}
    assert not unknown, f"the layout has no column {', '.join(sorted(unknown))}"
    folder.mkdir(parents=True, exist_ok=True)
    lines = folder / "rows.json"
    lines.write_text("".join(f"{json.dumps({n.lower(): _text(v) for n, v in row.items()})}\n" for row in rows))
    types = ", ".join(f"'{name.lower()}': '{_TYPES[kind]}'" for name, kind in columns.items())
    named = ", ".join(f'"{name.lower()}" AS "{name}"' for name in columns)
    source = f"read_json('{lines}', columns = {{{types}}}, format = 'newline_delimited')"
    connection.execute(f"COPY (SELECT {named} FROM {source}) TO '{folder / 'data-00001.parquet'}' (FORMAT parquet)")
    lines.unlink()


def _text(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value


def _tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Keys as AWS writes them into exports: lower case, words apart by underscores, after who gave them."""
    words = {key: re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])([A-Z])", r"_\1", key).lower()) for key in tags}
    return {f"user_{words[key]}": value for key, value in tags.items()}
