"""Small stacks cut out of a real one: a compliant block with its companions, many mutated copies side by side."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.policies.mutation.mutants import mutants
from tests.policies.support import Json

REFERENCE = re.compile(r"\b((?:data\.)?[a-z][a-z0-9]*_\w+\.[A-Za-z_][\w-]*)")
COMPANIONS = 8
Blocks = Mapping[str, Json]  # bodies by address


@dataclass(frozen=True)
class Mutant:
    """What was done to the block at `address` or to a companion, and all blocks after it."""

    done: str
    address: str
    blocks: Blocks


def blocks_of(document: Json) -> dict[str, Json]:
    """Resources and data sources of a stack by address."""
    return {
        f"{prefix}{kind}.{name}": body
        for section, prefix in (("resource", ""), ("data", "data."))
        for kind, named in document.get(section, {}).items()
        for name, body in named.items()
    }


def settings(document: Json, address: str) -> Iterator[Blocks]:
    """The block in ever larger company: alone, with one related block of each type, with all that are related."""
    blocks = blocks_of(document)
    subject = {address: blocks[address]}
    yield subject
    refers = _references(subject[address])
    related = {
        name: body
        for name, body in sorted(blocks.items())
        if name != address and (name in refers or address in _references(body))
    }
    yield from (
        subject | {name: related[name]} for name in {name.rpartition(".")[0]: name for name in related}.values()
    )
    yield subject | dict(itertools.islice(related.items(), COMPANIONS))


def _references(body: Json) -> set[str]:
    return set(REFERENCE.findall(json.dumps(body)))


def cases(blocks: Blocks, address: str) -> Iterator[Mutant]:
    """Every mutation of the block, then all without one companion, then every mutation of those that refer to it."""
    for done, body in mutants(address.rpartition(".")[0], blocks[address]):
        yield Mutant(done, address, {**blocks, address: body})
    others = sorted(blocks.keys() - {address})
    for name in others:
        yield Mutant(f"without {name}", address, {other: blocks[other] for other in blocks if other != name})
    for name in others:
        if address in _references(blocks[name]):
            for done, body in mutants(name.rpartition(".")[0], blocks[name], documents=False):
                yield Mutant(f"{name}: {done}", address, {**blocks, name: body})


def side_by_side(document: Json, batch: list[Mutant]) -> tuple[Json, dict[str, Mutant]]:
    """One stack with all mutants, each under names of its own, and the mutants by the address of their block."""
    found: Json = {key: document[key] for key in ("terraform", "provider", "locals", "variable") if key in document}
    addresses: dict[str, Mutant] = {}
    for number, mutant in enumerate(batch):
        names = {*mutant.blocks, mutant.address}
        for address, body in mutant.blocks.items():
            section = "data" if address.startswith("data.") else "resource"
            kind, _, name = address.removeprefix("data.").partition(".")
            found.setdefault(section, {}).setdefault(kind, {})[f"{name}_m{number}"] = _renamed(body, names, number)
        addresses[f"{mutant.address}_m{number}"] = mutant
    return found, addresses


def _renamed(body: Json, names: set[str], number: int) -> Any:
    def name(found: re.Match[str]) -> str:
        return f"{found[0]}_m{number}" if found[0] in names else found[0]

    return json.loads(REFERENCE.sub(name, json.dumps({key: part for key, part in body.items() if key != "//"})))
