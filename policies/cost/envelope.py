"""The envelope of each environment: what its stacks may cost a month while nobody uses them.

The gate judges it over all stacks of a synthesis at once, as no single one knows the sum. It is no finding that could
be waived: the number stands in YAML, and whoever accepts the cost changes it there, in a reviewed change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from policies.cache import Cache
from policies.cost.bill import Bill, Sum, bill, usd
from policies.cost.prices import shipped
from policies.errors import CostError
from policies.reading import ViewError, parse
from policies.record import GateFault, StackFile, StackScan

Json = Mapping[str, Any]
CONTROL = "COST-06"
DEAREST = 3  # stacks that a fault names


def faults(manifest: Json, stacks: Sequence[StackFile], cache: Cache) -> tuple[GateFault, ...]:
    """A fault for each environment that is above its envelope; one fault if the stacks cannot be priced.

    Without an envelope nothing is judged. A judgement without a fault is kept. Never raises for what stands in stacks.
    """
    envelopes: Mapping[str, int] = manifest.get("idle_usd_per_month", {})
    if not envelopes or {entry["id"] for entry in manifest["stacks"]} - {stack.id for stack in stacks}:
        return ()  # a stack that is missing is a fault already
    key = _digest(manifest, envelopes, stacks)
    if cache.read(key) is not None:
        return ()
    try:
        documents = {stack.id: parse(stack.path.read_bytes()) for stack in stacks}
        found = tuple(_exceeded(envelopes, bill(manifest, documents, shipped())))
    except (CostError, ViewError) as error:
        return (_unpriced(str(error)),)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:  # no block of Terraform's
        return (_unpriced(f"a block cannot be read ({type(error).__name__}: {error}); `terraform validate` names it"),)
    cache.write(key, StackScan(faults=found))
    return found


def measured(envelopes: Mapping[str, int], found: Bill) -> dict[str, tuple[Sum, int | None]]:
    """What each environment with a stack costs, and its envelope where it has one."""
    sums = found.by(lambda line: line.place.environment)
    names = {place.environment for place in found.places}
    return {name: (sums.get(name, Sum()), envelopes.get(name)) for name in sorted(names)}


def _exceeded(envelopes: Mapping[str, int], found: Bill) -> Iterator[GateFault]:
    for environment, (spent, envelope) in measured(envelopes, found).items():
        if envelope is None or spent.total <= envelope:
            continue
        yield GateFault(
            kind="envelope-exceeded",
            policy=CONTROL,
            message=(
                f"the stacks of {environment} cost {usd(spent.total)} USD a month when idle, "
                f"{usd(spent.total - envelope)} more than their envelope of {usd(Decimal(envelope))} "
                f"(dearest: {_dearest(found, environment)}); `mlgov cost` shows each line: take something away, "
                f"or raise cost_reporting.idle_usd_per_month of {environment}"
            ),
        )


def _dearest(found: Bill, environment: str) -> str:
    """The stacks of the environment that cost most."""
    sums = found.only(lambda place: place.environment == environment).by(lambda line: line.place.stack)
    return ", ".join(f"{name} {usd(own.total)}" for name, own in list(sums.items())[:DEAREST])


def _digest(manifest: Json, envelopes: Mapping[str, int], stacks: Sequence[StackFile]) -> str:
    """What the judgement rests on beside the package: the envelopes, the organisation, the bytes of its stacks."""
    bytes_ = sorted((stack.id, stack.sha256) for stack in stacks)
    parts = ["envelope", sorted(envelopes.items()), manifest["organization"], bytes_]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _unpriced(reason: str) -> GateFault:
    return GateFault(kind="envelope-unjudged", policy=CONTROL, message=f"the envelope cannot be judged: {reason}")
