"""Separation of duties as the gate judges it: over all stacks of a synthesis at once, and never over a part of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policies.access import duties, managed
from policies.access.breaches import Breach, Judgement
from policies.access.read import access
from policies.cache import Cache
from policies.errors import GateError
from policies.reading import ViewError, parse
from policies.record import GateFault, StackFile, StackScan

Json = Mapping[str, Any]


def faults(manifest: Json, stacks: Sequence[StackFile], cache: Cache) -> tuple[GateFault, ...]:
    """A fault for each breach, at the stack where it is to be mended; one fault if they cannot be judged.

    A judgement without a breach is kept: the same stacks under the same policies are not judged again. Never raises for
    what stands in stacks or duties.
    """
    missing = {entry["id"] for entry in manifest["stacks"]} - {stack.id for stack in stacks}
    missing |= {id_ for entry in manifest["stacks"] for id_ in entry["depends_on"]} - {stack.id for stack in stacks}
    if missing:
        return (_unjudged(f"{', '.join(sorted(missing))} cannot be read or is not there; run `mlgov synth`"),)
    key = _digest(manifest, stacks)
    if cache.read(key) is not None:
        return ()
    try:
        documents = {stack.id: parse(stack.path.read_bytes()) for stack in stacks}
        judgement = Judgement(access(manifest, documents))
        found = tuple(_fault(breach) for breach in judgement.breaches(duties.read()))
    except (ViewError, GateError) as error:
        return (_unjudged(str(error)),)
    except (AttributeError, LookupError, TypeError, ValueError) as error:  # a block of a shape that Terraform refuses
        return (_unjudged(f"a block cannot be read ({type(error).__name__}: {error}); `terraform validate` names it"),)
    cache.write(key, StackScan(faults=found))
    return found


def _digest(manifest: Json, stacks: Iterable[StackFile]) -> str:
    """What the judgement rests on beside the policies: the organisation, the bytes of its stacks, AWS's policies."""
    bytes_ = sorted((stack.id, stack.sha256) for stack in stacks)
    return hashlib.sha256(json.dumps([managed.release(), manifest["organization"], bytes_]).encode()).hexdigest()


def _fault(breach: Breach) -> GateFault:
    source = breach.source
    return GateFault(
        kind="duty-broken",
        stack=source.stack,
        policy=breach.duty.id,
        resource=source.address,
        message=f"{breach} (control {breach.duty.control})",
    )


def _unjudged(reason: str) -> GateFault:
    return GateFault(kind="duties-unjudged", message=f"separation of duties needs every stack: {reason}")
