"""What an expression of LF-Tags fits, as far as it is known before anything runs.

A tag that somebody may set at run time, who is granted ASSOCIATE on its values, may be any of these: the answer is
"if stage = published" with whoever sets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from policies.access.catalogue import Catalogues, Place, Tags
from policies.access.glob import unknown
from policies.access.rules import texts
from policies.access.stacks import Json, Synthesis, nested


@dataclass(frozen=True)
class Expression:
    """One value of each key must fit."""

    tests: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, block: Json) -> Expression:
        """From the `expression` blocks of a `lf_tag_policy`."""
        found = ((str(one["key"]), tuple(sorted(texts(one["values"])))) for one in nested(block, "expression"))
        return cls(tuple(sorted(found)))

    def __str__(self) -> str:
        return ", ".join(told(key, values) for key, values in self.tests)

    def fits(self, tags: Tags, settable: Settable) -> tuple[str, ...] | None:
        """What must still be set for the tags to fit; None where they never do."""
        conditions: list[str] = []
        for key, values in self.tests:
            own = tags.get(key, "")
            if own in values:
                continue
            later = tuple(value for value in values if (key, value) in settable)
            if later:
                conditions.append(f"{told(key, later)}, which {' or '.join(_setting(settable, key, later))} may set")
            elif unknown(own):
                conditions.append(f"{own} is {' or '.join(values)}")
            else:
                return None
        return tuple(conditions)


Settable = Mapping[tuple[str, str], tuple[str, ...]]  # LF-Tag key and value -> who may set it


def told(key: str, values: Iterable[str]) -> str:
    """A key and the values that it may have, in words."""
    return f"{key} = {' or '.join(values)}"


def settable(synthesis: Synthesis, catalogues: Catalogues) -> Mapping[Place, Settable]:
    """Who is granted to set which LF-Tags of which catalogue, by the last part of its ARN."""
    found: dict[Place, dict[tuple[str, str], set[str]]] = {}
    for stack in synthesis.stacks.values():
        for _, body in stack.blocks("aws_lakeformation_permissions"):
            if "ASSOCIATE" not in texts(body.get("permissions")):
                continue
            who = synthesis.text(stack, str(body.get("principal"))).rpartition("/")[2]
            for one in nested(body, "lf_tag"):
                place = catalogues.place(stack, one.get("catalog_id") or body.get("catalog_id"))
                for value in texts(one.get("values")):
                    found.setdefault(place, {}).setdefault((str(one["key"]), value), set()).add(who)
    return {place: {what: tuple(sorted(who)) for what, who in by.items()} for place, by in found.items()}


def _setting(settable: Settable, key: str, values: Iterable[str]) -> Iterator[str]:
    yield from sorted({who for value in values for who in settable[key, value]})
