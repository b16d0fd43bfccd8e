"""A synthesis of a few resources, for prices to count."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from policies.cost.bill import Bill, bill
from policies.cost.prices import PriceBook, shipped

Json = dict[str, Any]
ROLE = {"aws_iam_role": {"a": {}, "b": {}}}


def manifest(*stacks: str, envelopes: Mapping[str, int] | None = None, accounts: int = 3, **organization: str) -> Json:
    """The manifest of stacks named `<account>-<environment>-<module>[-<region>]`, in eu-west-1 without a region."""
    return {
        "organization": {"partition": "aws", "name": "acme", "accounts": [{}] * accounts, **organization},
        "stacks": [_entry(*stack.split("-", 3)) for stack in stacks],
        "idle_usd_per_month": dict(envelopes or {}),
    }


def _entry(account: str, environment: str, module: str, region: str = "") -> Json:
    parts = [account, environment, module, *([region] if region else [])]
    return {
        "id": "-".join(parts),
        "account": account,
        "environment": environment,
        "module": module,
        "region": region or "eu-west-1",
    }


def billed(stacks: Mapping[str, Mapping[str, Any]], *, book: PriceBook | None = None, **options: Any) -> Bill:
    """The bill of stacks (name -> resources by type)."""
    documents = {name: {"resource": resources} for name, resources in stacks.items()}
    return bill(manifest(*stacks, **options), documents, book or shipped())


def one(kind: str, **body: Any) -> dict[str, tuple[Decimal, str]]:
    """What one resource of the type costs in eu-west-1: number and certainty by price."""
    return priced({kind: {"it": body}})


def priced(resources: Mapping[str, Any]) -> dict[str, tuple[Decimal, str]]:
    """Number and certainty by price, of what stands in one stack."""
    found: dict[str, tuple[Decimal, str]] = {}
    for line in billed({"net-org-a": resources}).lines:
        before = found.get(line.price, (Decimal(0), line.certainty))[0]
        found[line.price] = (before + line.number, line.certainty)
    return found
